import { randomBytes } from 'node:crypto';
import { ApolloServer } from '@apollo/server';
import {
  ApolloServerPluginInlineTraceDisabled,
  ApolloServerPluginLandingPageDisabled,
  ApolloServerPluginUsageReportingDisabled,
} from '@apollo/server/plugin/disabled';
import { maskError } from '@medley/errors';
import { createIdentityVerifier } from '@medley/identity';
import { type HttpService, type Logger, type Metrics, startHttpService } from '@medley/service';
import { parseSigningKeys, type SigningKeys } from '@medley/signing-keys';
import { createInProcessLink, type SubgraphLink } from '@medley/subgraph-link';
import type { JSONWebKeySet } from 'jose';
import type { RouterContext } from './context.ts';
import { type ExplorerOptions, explorerRoutes } from './explorer/explorer-routes.ts';
import { createGateway } from './gateway.ts';
import { allowHosts } from './http/allowed-hosts.ts';
import { graphqlRoutes } from './http/graphql-routes.ts';
import type { VerifyCredential } from './identity/credential.ts';
import type { Geo } from './identity/geo-database.ts';
import { createIdentityReader } from './identity/read-identity.ts';
import { createDocumentCheck } from './limits/document-limits.ts';
import { defaultLimits, type Limits } from './limits/limits.ts';
import { createNodesSubgraph } from './nodes/nodes-subgraph.ts';
import { createOperationHandler, type HandleOperation } from './operation-handler.ts';
import { costLimit } from './plugins/cost-limit.ts';
import { errorLog } from './plugins/error-log.ts';
import { knownOperation } from './plugins/known-operation.ts';
import { scopes } from './plugins/scopes.ts';
import { createFetchObserver, createSubgraphCaller } from './subgraph-caller.ts';
import { type LinkedSubgraph, subgraphReads } from './subgraphs.ts';

export { exampleAddresses } from './explorer/example-addresses.ts';
export type { ExplorerOptions, Persona } from './explorer/explorer-routes.ts';
export type { Credential, VerifyCredential } from './identity/credential.ts';
export { fetchJwks } from './identity/fetch-jwks.ts';
export { type Geo, openGeoDatabase } from './identity/geo-database.ts';
export { createJwksCache, type JwksCache } from './identity/jwks-cache.ts';
export { createTokenVerifier } from './identity/token-verifier.ts';
export { defaultLimits, type Limits } from './limits/limits.ts';
export type { HandleOperation, OperationRequest } from './operation-handler.ts';
export type { OperationResponse } from './present.ts';
export { type LinkedSubgraph, subgraphReads } from './subgraphs.ts';

export interface RouterOptions {
  /** Composed, as in schema/supergraph.graphql. */
  readonly supergraphSdl: string;
  readonly links: Readonly<Record<LinkedSubgraph, SubgraphLink>>;
  /** What the identity for each subgraph is signed with: keys that this subgraph shares with the router alone. */
  readonly identityKeys: Readonly<Record<LinkedSubgraph, SigningKeys>>;
  readonly verifyCredential: VerifyCredential;
  readonly geo: Geo;
  readonly logger: Logger;
  readonly metrics: Metrics;
  readonly limits?: Partial<Limits>;
  /** How long one answer of a subgraph may take, in milliseconds. */
  readonly upstreamTimeoutMs?: number;
  /** How long a whole operation may take, in milliseconds. */
  readonly operationTimeoutMs?: number;
  /** Operations that are planned at the start. */
  readonly operations?: readonly string[];
  /** Milliseconds since 1970. */
  readonly clock?: () => number;
}

export interface RouterHttpOptions {
  readonly host: string;
  /** 0 lets the system choose. */
  readonly port: number;
  /** Whose forwarding headers count, as addresses or CIDR ranges. */
  readonly trustedProxies?: readonly string[];
  readonly corsOrigins?: readonly string[];
  /** The names that it answers to, without a port; any name unless given. */
  readonly allowedHosts?: readonly string[];
  readonly readJwks?: () => Promise<JSONWebKeySet>;
  /** How long `/readyz` says no before the listener closes, in milliseconds. */
  readonly drainMs?: number;
  /** Serves the explorer at `/explorer`, and at `/` what this is. */
  readonly explorer?: ExplorerOptions;
}

export interface Router {
  /** Answers one operation, without a transport. */
  readonly execute: HandleOperation;
  /** Listens. Stopping the service stops the router too. */
  start(options: RouterHttpOptions): Promise<HttpService>;
  /** For a router that was not started. The links stay open: they belong to the caller. */
  stop(): Promise<void>;
}

/** The router, ready to answer: schema loaded, named operations planned. */
export async function createRouter(options: RouterOptions): Promise<Router> {
  const { supergraphSdl, logger, metrics, upstreamTimeoutMs = 5_000, operationTimeoutMs = 10_000 } = options;
  const { clock = Date.now } = options;
  const limits = { ...defaultLimits, ...options.limits };
  const observe = createFetchObserver(metrics);
  const toCaller = (name: LinkedSubgraph | 'nodes', link: SubgraphLink, keys: SigningKeys) =>
    createSubgraphCaller({
      name,
      link,
      keys,
      reads: subgraphReads[name],
      timeoutMs: upstreamTimeoutMs,
      logger,
      observe,
      clock,
    });
  const owners = {
    catalog: toCaller('catalog', options.links.catalog, options.identityKeys.catalog),
    playlists: toCaller('playlists', options.links.playlists, options.identityKeys.playlists),
    search: toCaller('search', options.links.search, options.identityKeys.search),
    streaming: toCaller('streaming', options.links.streaming, options.identityKeys.streaming),
    users: toCaller('users', options.links.users, options.identityKeys.users),
  } satisfies Record<LinkedSubgraph, unknown>;

  const nodesKeys = parseSigningKeys(`own:${randomBytes(32).toString('base64url')}`);
  const nodes = await createNodesSubgraph({
    callers: owners,
    identity: createIdentityVerifier({ audience: 'nodes', keys: nodesKeys, now: clock }),
    logger,
  });
  const callers = { ...owners, nodes: toCaller('nodes', createInProcessLink('nodes', nodes), nodesKeys) };

  const { gateway, warm } = createGateway({ supergraphSdl, callers, logger });
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
    ],
    formatError: (formatted, error) => maskError(formatted, error).shown,
    introspection: true,
    persistedQueries: false,
    includeStacktraceInErrorResponses: false,
    stopOnTerminationSignals: false,
    logger: logger.child({ part: 'apollo' }, { level: 'warn' }),
  });
  await server.start();
  await warm(options.operations ?? []);

  const handle = createOperationHandler({
    server,
    checkDocument: createDocumentCheck(limits),
    readIdentity: createIdentityReader({ verifyCredential: options.verifyCredential, geo: options.geo }),
    operationTimeoutMs,
    logger,
    metrics,
    clock,
  });
  const stop = async () => {
    await server.stop();
    await nodes.stop();
  };
  return {
    execute: handle,
    stop,
    async start({ corsOrigins = [], allowedHosts, readJwks, explorer, ...http }) {
      const service = await startHttpService({
        ...http,
        logger,
        metrics,
        bodyLimitBytes: limits.bodyBytes,
        async routes(app) {
          if (allowedHosts) allowHosts(app, allowedHosts);
          await graphqlRoutes(app, { handle, bodyLimitBytes: limits.bodyBytes, corsOrigins, readJwks });
          if (explorer) await app.register(explorerRoutes(explorer));
        },
      });
      return {
        url: service.url,
        async stop() {
          await service.stop();
          await stop();
        },
      };
    },
  };
}
