import { setTimeout as wait } from 'node:timers/promises';
import type { Logger } from '@medley/service';
import type { GraphQLSchema } from 'graphql';
import type { RunOperation } from '../operation-runner.ts';
import type { SubgraphCaller } from '../subgraph-caller.ts';
import type { PlanSubscription } from '../warm-plans.ts';
import { createSubscriptionHandler } from './create-subscription-handler.ts';
import { createEventCompletion } from './event-completion.ts';
import { createSubscriptionPreparation } from './prepare-subscription.ts';
import type { StreamObserver } from './stream-observer.ts';
import { createStreamSourceFactory } from './stream-source.ts';
import type { SubscriptionHandler } from './subscription-handler.ts';
import { createSubscriptionPlanner } from './subscription-plan.ts';
import { createViewerDependence } from './viewer-dependence.ts';

/** For how long a link that broke is tried again before its clients are told, in milliseconds. */
const reconnectMs = 60_000;

export interface SubscriptionsOptions {
  /** Its name, for the log and the metrics. */
  readonly graph: string;
  readonly supergraphSdl: string;
  /** What clients see of the supergraph. */
  readonly schema: GraphQLSchema;
  readonly viewerFields?: ReadonlySet<string> | undefined;
  readonly callers: Readonly<Record<string, SubgraphCaller>>;
  readonly run: RunOperation;
  /** How long a completion may take, in milliseconds. */
  readonly operationTimeoutMs: number;
  readonly logger: Logger;
  readonly observeStreams: StreamObserver;
  /** Milliseconds since 1970. */
  readonly clock: () => number;
}

/** The subscriptions of a graph; undefined when it has none. */
export function openSubscriptions(
  options: SubscriptionsOptions,
): { readonly handler: SubscriptionHandler; readonly plan: PlanSubscription } | undefined {
  const { graph, supergraphSdl, schema, callers, operationTimeoutMs, logger, clock } = options;
  if (!schema.getSubscriptionType()) return undefined;
  const observe = options.observeStreams;
  const planner = createSubscriptionPlanner(supergraphSdl, schema);
  const prepare = createSubscriptionPreparation(planner, schema);
  const handler = createSubscriptionHandler({
    graph,
    run: options.run,
    prepare,
    dependsOnViewer: createViewerDependence(schema, supergraphSdl, options.viewerFields),
    createSource: createStreamSourceFactory({
      callers,
      complete: createEventCompletion({ planner, callers, logger }),
      operationTimeoutMs,
      reconnectMs,
      clock,
      monotonicClock,
      pause,
      random: Math.random,
      logger,
      onCompleted: (durationMs) => observe.completed(graph, durationMs),
    }),
    logger,
    observe,
    clock: monotonicClock,
  });
  return { handler, plan: prepare };
}

// A clock that is set must not end streams, nor keep them.
const monotonicClock = () => performance.now();

const pause = (ms: number, signal: AbortSignal) =>
  wait(ms, undefined, { signal, ref: false }).catch(() => undefined);
