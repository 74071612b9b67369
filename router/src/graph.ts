import { randomBytes } from 'node:crypto';
import { ApolloServer } from '@apollo/server';
import {
  ApolloServerPluginInlineTraceDisabled,
  ApolloServerPluginLandingPageDisabled,
  ApolloServerPluginUsageReportingDisabled,
} from '@apollo/server/plugin/disabled';
import { maskError } from '@medley/errors';
import { createIdentityVerifier } from '@medley/identity';
import type { Logger } from '@medley/service';
import { parseSigningKeys, type SigningKeys } from '@medley/signing-keys';
import { createInProcessLink, type LiveSubgraphLink } from '@medley/subgraph-link';
import type { RouterContext } from './context.ts';
import { createGateway } from './gateway.ts';
import type { ReadIdentity } from './identity/read-identity.ts';
import { createDocumentCheck } from './limits/document-limits.ts';
import type { Limits } from './limits/limits.ts';
import { createNodesSubgraph } from './nodes/nodes-subgraph.ts';
import { findShownNodeTypes } from './nodes/shown-node-types.ts';
import { createOperationHandler, type HandleOperation, type OperationObserver } from './operation-handler.ts';
import { createOperationRunner } from './operation-runner.ts';
import { acceptSubscription } from './plugins/accept-subscription.ts';
import { costLimit } from './plugins/cost-limit.ts';
import { errorLog } from './plugins/error-log.ts';
import { knownOperation } from './plugins/known-operation.ts';
import { scopes } from './plugins/scopes.ts';
import type { SubgraphCaller } from './subgraph-caller.ts';
import type { LinkedSubgraph } from './subgraphs.ts';
import { openSubscriptions } from './subscriptions/open-subscriptions.ts';
import type { StreamObserver } from './subscriptions/stream-observer.ts';
import type { SubscriptionHandler } from './subscriptions/subscription-handler.ts';

/** `whole` is for our own clients, `public` for third parties. */
export type GraphName = 'whole' | 'public';

export interface GraphOptions {
  readonly name: GraphName;
  /** Composed. What is inaccessible in it cannot be reached. */
  readonly supergraphSdl: string;
  /** What depends on who asks, as `Type` and `Type.field`: subscriptions without any of it are shared. Nothing is shared unless it is told. */
  readonly viewerFields?: ReadonlySet<string> | undefined;
  /** The subgraphs behind it, for this graph and for others. */
  readonly callers: Readonly<Record<LinkedSubgraph, SubgraphCaller>>;
  /** Makes the caller of a subgraph that belongs to this graph alone. */
  readonly toCaller: (name: 'nodes', link: LiveSubgraphLink, keys: SigningKeys) => SubgraphCaller;
  readonly readIdentity: ReadIdentity;
  readonly limits: Limits;
  /** How long a whole operation may take, in milliseconds. */
  readonly operationTimeoutMs: number;
  /** Operations that are planned at the start. */
  readonly operations: readonly string[];
  readonly logger: Logger;
  readonly observe: OperationObserver;
  readonly observeStreams: StreamObserver;
  /** Milliseconds since 1970. */
  readonly clock: () => number;
}

export interface Graph {
  readonly handle: HandleOperation;
  /** Undefined where the graph has no subscriptions. */
  readonly subscriptions: SubscriptionHandler | undefined;
  readonly limits: Limits;
  stop(): Promise<void>;
}

/** One supergraph, ready to answer: schema loaded, named operations planned. */
export async function createGraph(options: GraphOptions): Promise<Graph> {
  const { name, supergraphSdl, limits, logger, clock } = options;

  const nodesKeys = parseSigningKeys(`own:${randomBytes(32).toString('base64url')}`);
  const nodes = await createNodesSubgraph({
    callers: options.callers,
    shownTypes: findShownNodeTypes(supergraphSdl),
    identity: createIdentityVerifier({ audience: 'nodes', keys: nodesKeys, now: clock }),
    logger,
  });
  const callers = {
    ...options.callers,
    nodes: options.toCaller('nodes', createInProcessLink('nodes', nodes), nodesKeys),
  };

  const { gateway, readSchema, warm } = createGateway({ supergraphSdl, callers, logger });
  const server = new ApolloServer<RouterContext>({
    gateway,
    parseOptions: { maxTokens: limits.tokens },
    plugins: [
      ApolloServerPluginLandingPageDisabled(),
      ApolloServerPluginUsageReportingDisabled(),
      ApolloServerPluginInlineTraceDisabled(),
      errorLog(logger),
      // What may not run is refused in this order.
      knownOperation(),
      costLimit(limits),
      scopes(supergraphSdl),
      // What may run is handed on, if it is a subscription.
      acceptSubscription(),
    ],
    formatError: (formatted, error) => maskError(formatted, error).shown,
    introspection: true,
    persistedQueries: false,
    includeStacktraceInErrorResponses: false,
    stopOnTerminationSignals: false,
    logger: logger.child({ part: 'apollo' }, { level: 'warn' }),
  });
  await server.start();
  const run = createOperationRunner({
    server,
    checkDocument: createDocumentCheck(limits),
    readIdentity: options.readIdentity,
    operationTimeoutMs: options.operationTimeoutMs,
    logger,
    clock,
  });
  const live = openSubscriptions({ ...options, graph: name, schema: readSchema(), callers, run });
  await warm(options.operations, live?.plan);

  return {
    handle: createOperationHandler({ graph: name, run, logger, observe: options.observe }),
    subscriptions: live?.handler,
    limits,
    async stop() {
      await live?.handler.drain();
      await server.stop();
      await nodes.stop();
    },
  };
}
