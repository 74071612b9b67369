import { createHash } from 'node:crypto';
import type { Identity } from '@medley/identity';
import type { Logger } from '@medley/service';
import type { GraphQLFormattedError } from 'graphql';
import type { Asker } from '../context.ts';
import type { SubgraphCaller } from '../subgraph-caller.ts';
import { toTrustedError } from '../subgraph-data-source.ts';
import { identityKey } from './asked-as.ts';
import type { CompleteEvent } from './event-completion.ts';
import type { StreamSource } from './shared-stream.ts';
import type { StreamOperation } from './stream-operation.ts';
import { maskErrors } from './streamed-result.ts';
import type { SubscriptionPlan } from './subscription-plan.ts';
import { openUpstream, type UpstreamOptions } from './upstream.ts';

export interface StreamSourcesOptions
  extends Pick<UpstreamOptions, 'patienceMs' | 'clock' | 'pause' | 'random'> {
  readonly callers: Readonly<Record<string, SubgraphCaller>>;
  readonly complete: CompleteEvent;
  /** How long a beginning and a completion may take, in milliseconds. */
  readonly operationTimeoutMs: number;
  readonly logger: Logger;
  /** Told how long each completion took. */
  readonly onCompleted: (durationMs: number) => void;
}

/** A subscription as somebody asks for it. */
export interface AskedSubscription {
  readonly operation: StreamOperation;
  readonly plan: SubscriptionPlan;
  /** All but where it begins. */
  readonly variables: Readonly<Record<string, unknown>>;
  readonly identity: Identity;
  readonly requestId: string;
}

export type ToStreamSource = (asked: AskedSubscription) => StreamSource;

export function createStreamSources(options: StreamSourcesOptions): ToStreamSource {
  const { callers, complete, operationTimeoutMs, logger, onCompleted, ...upstream } = options;
  const { clock } = upstream;

  return ({ operation, plan, variables, identity, requestId }) => {
    const caller = callers[plan.subgraph];
    if (!caller) throw new Error(`there is no way to the subgraph ${plan.subgraph}`);
    const asker = (): Asker => ({ requestId, identity, deadline: clock() + operationTimeoutMs });
    return {
      key: keyOf([operation.text, JSON.stringify(variables), identityKey(identity)]),
      open: (after, signal, onLink) =>
        openUpstream({
          ...upstream,
          begin: (cursor) =>
            caller.subscribe(plan.toRequest(operation.startAt(variables, cursor)), asker(), signal),
          after,
          signal,
          onLink,
          onGarbage: () =>
            logger.error({ subgraph: plan.subgraph, requestId }, 'a subgraph streams what is no result'),
        }),
      async complete(event) {
        const startedAt = performance.now();
        const result = await complete(plan, variables, event, asker());
        onCompleted(performance.now() - startedAt);
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
