import { MedleyError } from '@medley/errors';
import { type ClaimName, createIdentitySigner } from '@medley/identity';
import type { Logger, Metrics } from '@medley/service';
import type { SigningKeys } from '@medley/signing-keys';
import {
  LinkError,
  type LinkEvent,
  type LinkSubscription,
  type LiveSubgraphLink,
} from '@medley/subgraph-link';
import type { GraphQLFormattedError } from 'graphql';
import type { Asker } from './context.ts';

export interface SubgraphRequest {
  readonly query: string;
  readonly variables?: Readonly<Record<string, unknown>> | undefined;
  readonly operationName?: string | undefined;
}

export interface SubgraphAnswer {
  readonly data: Record<string, unknown> | null;
  readonly errors: readonly GraphQLFormattedError[];
  /** The header `cache-control` of the answer. */
  readonly cacheControl: string | undefined;
}

/** Asks one subgraph, signed, within a time limit. */
export interface SubgraphCaller {
  readonly name: string;
  /** @throws MedleyError UPSTREAM_TIMEOUT or UPSTREAM_UNAVAILABLE, without addresses */
  call(request: SubgraphRequest, asker: Asker): Promise<SubgraphAnswer>;
  /**
   * Begins a subscription; the limit of time is for its beginning. Its events throw, once that is logged, when the way to the subgraph broke.
   * @param signal ends it
   * @throws MedleyError as `call`
   */
  subscribe(request: SubgraphRequest, asker: Asker, signal: AbortSignal): Promise<LinkSubscription>;
}

export interface SubgraphCallerOptions {
  readonly name: string;
  readonly link: LiveSubgraphLink;
  readonly keys: SigningKeys;
  /** The claims of a query; a mutation tells the actor too. */
  readonly reads: readonly ClaimName[];
  /** How long one answer may take, in milliseconds; the operation's deadline may cut it shorter. */
  readonly timeoutMs: number;
  readonly logger: Logger;
  readonly observe: FetchObserver;
  /** Milliseconds since 1970. */
  readonly clock: () => number;
}

/** Notes how long a subgraph took, and how it ended. */
export type FetchObserver = (subgraph: string, outcome: string, durationMs: number) => void;

export function createFetchObserver(metrics: Metrics): FetchObserver {
  const fetches = metrics.histogram(
    'medley_router_fetch_seconds',
    'How long a subgraph took to answer the router, by outcome: ok, errors, left or the code of the failure.',
    ['subgraph', 'outcome'],
  );
  return (subgraph, outcome, durationMs) => fetches.observe({ subgraph, outcome }, durationMs / 1_000);
}

export function createSubgraphCaller(options: SubgraphCallerOptions): SubgraphCaller {
  const { name, link, keys, reads, timeoutMs, logger, observe, clock } = options;
  const signerOf = (reads: readonly ClaimName[]) =>
    createIdentitySigner({ audience: name, keys, reads, now: clock });
  const queries = signerOf(reads);
  // Whoever changes something is told to the subgraph, also to one whose answers are the same for all.
  const mutations = signerOf([...new Set<ClaimName>([...reads, 'actor'])]);

  const note = (error: unknown, { requestId }: Asker, message: string) =>
    logger.warn({ err: error, subgraph: name, requestId }, message);
  const unreachable = () =>
    new MedleyError('UPSTREAM_UNAVAILABLE', `The subgraph ${name} cannot be reached at the moment.`);
  const timedOut = () => new MedleyError('UPSTREAM_TIMEOUT', `The subgraph ${name} did not answer in time.`);

  function toLinkRequest(
    request: SubgraphRequest,
    { requestId, deadline, identity }: Asker,
    signal: AbortSignal,
  ) {
    const body = JSON.stringify(request);
    const signer = isMutation(request) ? mutations : queries;
    return { body, identity: signer.sign(identity, { body, requestId, deadline }), requestId, signal };
  }

  /** @param limit aborted here when it takes too long, and by whoever aborts the signal of the asker */
  async function ask<Answer>(
    request: SubgraphRequest,
    asker: Asker,
    limit: AbortController,
    send: () => Promise<Answer>,
    toOutcome: (answer: Answer) => 'ok' | 'errors',
  ): Promise<Answer> {
    const limitMs = Math.ceil(Math.min(timeoutMs, asker.deadline - clock()));
    if (limitMs <= 0) throw timedOut();
    if (asker.signal?.aborted) throw unreachable();
    const timer = setTimeout(() => limit.abort(), limitMs);
    const startedAt = performance.now();
    let outcome = 'ok';
    try {
      const answer = await send().catch((error: unknown) => {
        if (mayAskAgain(request, error)) return send();
        throw error;
      });
      outcome = toOutcome(answer);
      return answer;
    } catch (error) {
      if (asker.signal?.aborted) {
        // No failure of the subgraph.
        outcome = 'left';
        throw unreachable();
      }
      const code = error instanceof LinkError ? error.code : 'UPSTREAM_UNAVAILABLE';
      outcome = code;
      note(error, asker, 'a subgraph failed');
      throw code === 'UPSTREAM_TIMEOUT' ? timedOut() : unreachable();
    } finally {
      clearTimeout(timer);
      observe(name, outcome, performance.now() - startedAt);
    }
  }

  return {
    name,
    async call(request, asker) {
      const limit = new AbortController();
      const forget = abortWith(asker.signal, limit);
      const send = async () => {
        const response = await link.send(toLinkRequest(request, asker, limit.signal));
        return { ...parseAnswer(response.body, name), cacheControl: response.cacheControl };
      };
      try {
        return await ask(request, asker, limit, send, ({ errors }) => (errors.length > 0 ? 'errors' : 'ok'));
      } finally {
        forget();
      }
    },
    async subscribe(request, asker, signal) {
      const ending = new AbortController();
      const forget = abortWith(signal, ending);
      const begin = async () => {
        const subscription = await link.subscribe(toLinkRequest(request, asker, ending.signal));
        if ('refusal' in subscription) refuseWithoutErrors(subscription.refusal, name);
        return subscription;
      };
      try {
        const subscription = await ask(request, { ...asker, signal }, ending, begin, (begun) =>
          'refusal' in begun ? 'errors' : 'ok',
        );
        if ('refusal' in subscription) {
          forget();
          return subscription;
        }
        return {
          events: watchEnd(subscription.events, (error) => {
            forget();
            if (error) note(error, asker, 'a subgraph broke off a subscription');
          }),
        };
      } catch (error) {
        forget();
        throw error;
      }
    },
  };
}

/**
 * Aborts the one when the other is. `AbortSignal.any` would be kept as long as a signal that lives for the hours of a stream.
 * @returns forgets it
 */
function abortWith(signal: AbortSignal | undefined, controller: AbortController): () => void {
  if (!signal) return () => {};
  const abort = () => controller.abort();
  signal.addEventListener('abort', abort);
  if (signal.aborted) abort();
  return () => signal.removeEventListener('abort', abort);
}

/** @param onEnd told once when it has ended, and what broke it, if anything did */
function watchEnd(
  events: AsyncIterable<LinkEvent>,
  onEnd: (error?: unknown) => void,
): AsyncIterable<LinkEvent> {
  const inner = events[Symbol.asyncIterator]();
  const iterator: AsyncIterableIterator<LinkEvent> = {
    async next() {
      try {
        const next = await inner.next();
        if (next.done) onEnd();
        return next;
      } catch (error) {
        onEnd(error);
        throw error;
      }
    },
    async return() {
      onEnd();
      await inner.return?.();
      return { value: undefined, done: true };
    },
    [Symbol.asyncIterator]: () => iterator,
  };
  return iterator;
}

/**
 * Once more, at once, when the connection failed: the moment in which a replica is replaced. Never a mutation, which may
 * have run, and never after a time-out or an answer: that would double the load of a subgraph that is in trouble.
 */
function mayAskAgain(request: SubgraphRequest, error: unknown): boolean {
  return error instanceof LinkError && error.disconnected && !isMutation(request);
}

const isMutation = ({ query }: SubgraphRequest) => /^\s*mutation\b/.test(query);

function refuseWithoutErrors(refusal: string, name: string): void {
  if (parseAnswer(refusal, name).errors.length > 0) return;
  throw new LinkError('UPSTREAM_UNAVAILABLE', `${name} answered a subscription with a single result`);
}

function parseAnswer(text: string, name: string): Pick<SubgraphAnswer, 'data' | 'errors'> {
  const unusable = (cause?: unknown) =>
    new LinkError('UPSTREAM_UNAVAILABLE', `${name} answered with something that is not GraphQL`, cause);
  let answer: { data?: unknown; errors?: unknown } | null;
  try {
    answer = JSON.parse(text);
  } catch (error) {
    throw unusable(error);
  }
  if (typeof answer !== 'object' || answer === null) throw unusable();
  const { data = null, errors = [] } = answer;
  if (typeof data !== 'object' || Array.isArray(data) || !Array.isArray(errors)) throw unusable();
  if (data === null && errors.length === 0) throw unusable();
  return { data: data as SubgraphAnswer['data'], errors };
}
