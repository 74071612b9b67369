import { createHash } from 'node:crypto';
import type { Identity } from '@medley/identity';
import type { Logger } from '@medley/service';
import type { GraphQLFormattedError } from 'graphql';
import type { Asker } from '../context.ts';
import type { SubgraphCaller } from '../subgraph-caller.ts';
import { toTrustedError } from '../subgraph-data-source.ts';
import type { CompleteEvent } from './event-completion.ts';
import type { StreamSource } from './shared-stream.ts';
import { identityKey } from './source-identity.ts';
import type { StreamOperation } from './stream-operation.ts';
import { maskErrors } from './streamed-result.ts';
import type { SubscriptionPlan } from './subscription-plan.ts';
import { openUpstream, type UpstreamOptions } from './upstream.ts';

export interface StreamSourceFactoryOptions
  extends Pick<UpstreamOptions, 'reconnectMs' | 'pause' | 'random'> {
  readonly callers: Readonly<Record<string, SubgraphCaller>>;
  readonly complete: CompleteEvent;
  /** How long a beginning and a completion may take, in milliseconds. */
  readonly operationTimeoutMs: number;
  readonly logger: Logger;
  /** Milliseconds since 1970. */
  readonly clock: () => number;
  /** Milliseconds since any fixed moment; it never goes back. */
  readonly monotonicClock: () => number;
  /** Told how long each completion took. */
  readonly onCompleted: (durationMs: number) => void;
}

/** A subscription as somebody asks for it. */
export interface SourceRequest {
  readonly operation: StreamOperation;
  readonly plan: SubscriptionPlan;
  /** All but where it begins. */
  readonly variables: Readonly<Record<string, unknown>>;
  readonly identity: Identity;
  readonly requestId: string;
}

export type CreateStreamSource = (request: SourceRequest) => StreamSource;

export function createStreamSourceFactory(options: StreamSourceFactoryOptions): CreateStreamSource {
  const { callers, complete, operationTimeoutMs, logger, clock, monotonicClock, onCompleted } = options;
  const { reconnectMs, pause, random } = options;

  return ({ operation, plan, variables, identity, requestId }) => {
    const caller = callers[plan.subgraph];
    if (!caller) throw new Error(`there is no way to the subgraph ${plan.subgraph}`);
    const asker = (): Asker => ({ requestId, identity, deadline: clock() + operationTimeoutMs });
    return {
      key: keyOf([operation.text, JSON.stringify(variables), identityKey(identity)]),
      open: (after, signal, onLink) =>
        openUpstream({
          begin: (cursor) =>
            caller.subscribe(plan.toRequest(operation.startAt(variables, cursor)), asker(), signal),
          after,
          signal,
          onLink,
          onMalformed: () =>
            logger.error({ subgraph: plan.subgraph, requestId }, 'a subgraph streams what is no result'),
          reconnectMs,
          clock: monotonicClock,
          pause,
          random,
        }),
      async complete(event, signal) {
        const startedAt = performance.now();
        const result = await complete(plan, variables, event, { ...asker(), signal });
        if (!signal.aborted) onCompleted(performance.now() - startedAt);
        return result;
      },
      mask: (errors) => maskErrors(errors.map(toError), requestId, logger),
    };
  };
}

const keyOf = (parts: readonly string[]) =>
  createHash('sha256').update(JSON.stringify(parts)).digest('base64url');

/** What a subgraph tells is parsed JSON. */
const toError = (error: unknown) =>
  error instanceof Error ? error : toTrustedError(error as GraphQLFormattedError);
