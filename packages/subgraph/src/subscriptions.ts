import { MedleyError, maskError } from '@medley/errors';
import type { Logger } from '@medley/service';
import { inTime } from '@medley/timing';
import {
  createSourceEventStream,
  execute,
  GraphQLError,
  type GraphQLFormattedError,
  type GraphQLSchema,
} from 'graphql';
import type { LiveEvent, RequestInfo, SubgraphContext } from './request-info.ts';
import { createOperationReader, type LiveOperation, mistake } from './subscription-operation.ts';

/** One result of a subscription. */
export interface SubgraphEvent {
  /** A GraphQL result as JSON text. */
  readonly body: string;
  /** Where it stands in its stream: for `after`. Undefined for a last result that tells why the stream ends. */
  readonly cursor?: string | undefined;
  /** Whether it tells all that the ones before it told: who was not given those yet need not be. */
  readonly replaces: boolean;
}

export type SubgraphSubscription =
  | { readonly refusal: readonly GraphQLFormattedError[] }
  /**
   * Each is made when it is asked for. They return when the stream ended for good or its signal was aborted, and throw when it may be begun again after
   * the last cursor: this process stops, or something failed that may work the next time.
   */
  | { readonly events: AsyncIterable<SubgraphEvent> };

export interface Subscriptions {
  readonly stopped: boolean;
  /**
   * Resolvers get a signal that is aborted when the stream ends, whatever the reason.
   * @param signal ends it
   */
  begin(json: unknown, request: RequestInfo, signal: AbortSignal): Promise<SubgraphSubscription>;
  /** Breaks all streams off, and those that are begun from now on. */
  stop(): void;
}

/** How long the resolvers of one event may take, in milliseconds. */
const eventTimeoutMs = 10_000;

/** Runs the subscriptions of one subgraph: the source of the root field, and for each of its events the rest of the operation. */
export function createSubscriptions<Context extends SubgraphContext>({
  schema,
  createContext,
  logger,
}: {
  schema: GraphQLSchema;
  createContext: (request: RequestInfo) => Context;
  logger: Logger;
}): Subscriptions {
  const readOperation = createOperationReader(schema);
  const stopping = new AbortController();
  const endings = new Set<() => void>();

  function show(error: unknown, requestId: string): { shown: GraphQLFormattedError; unexpected: boolean } {
    const formatted = error instanceof GraphQLError ? error.toJSON() : { message: String(error) };
    const masked = maskError(formatted, error);
    if (masked.unexpected) logger.error({ err: error, requestId }, 'a subscription failed');
    return masked;
  }

  function refusalOf(error: GraphQLError, requestId: string): GraphQLFormattedError {
    // What graphql-js itself says of the variables; its messages are made for clients.
    const isMistake = !error.originalError && error.extensions.code === undefined;
    return isMistake ? mistake(error.toJSON()) : show(error, requestId).shown;
  }

  async function* run(
    source: AsyncIterator<unknown>,
    operation: LiveOperation,
    request: RequestInfo,
    end: () => void,
  ): AsyncGenerator<SubgraphEvent, void, undefined> {
    const { signal, requestId } = request;
    try {
      for (;;) {
        const next = await untilAborted(source.next(), signal);
        if (!next) break;
        if (next.done) return;
        // Loaders remember what they read, so each event has its own.
        const contextValue = createContext({ ...request, deadline: Date.now() + eventTimeoutMs });
        const executing = execute({ ...operation, schema, rootValue: next.value, contextValue });
        const bounded = inTime(Promise.resolve(executing), eventTimeoutMs, tookTooLong);
        const result = await untilAborted(bounded, signal);
        if (!result) break;
        const { cursor, replaces } = eventOf(next.value);
        const errors = result.errors?.map((error) => show(error, requestId).shown);
        yield { body: JSON.stringify({ data: result.data, ...(errors && { errors }) }), cursor, replaces };
      }
    } catch (error) {
      const { shown, unexpected } = show(error, requestId);
      if (unexpected || isPassing(error)) throw new Error('the stream broke off', { cause: error });
      yield { body: JSON.stringify({ data: null, errors: [shown] }), replaces: false };
      return;
    } finally {
      end();
    }
    // Whoever ended it himself asks for nothing more, and does not get to hear this.
    if (stopping.signal.aborted) throw new Error('the subgraph stops');
  }

  return {
    get stopped() {
      return stopping.signal.aborted;
    },
    async begin(json, asked, signal) {
      const operation = readOperation(json);
      if ('refusal' in operation) return operation;
      const ending = new AbortController();
      const end = () => ending.abort();
      endings.add(end);
      signal.addEventListener('abort', end, { once: true });
      ending.signal.addEventListener('abort', () => {
        endings.delete(end);
        signal.removeEventListener('abort', end);
      });
      if (signal.aborted || stopping.signal.aborted) end();
      const request: RequestInfo = { ...asked, signal: ending.signal };
      try {
        const contextValue = createContext(request);
        const source = await createSourceEventStream({ ...operation, schema, contextValue });
        if (!(Symbol.asyncIterator in source)) {
          end();
          return { refusal: (source.errors ?? []).map((error) => refusalOf(error, asked.requestId)) };
        }
        const events = source[Symbol.asyncIterator]();
        // Nobody waits for it: a source that is busy with something else than its signal ends when it is done with that.
        const leave = () => void events.return?.().catch(() => {});
        if (ending.signal.aborted) leave();
        else ending.signal.addEventListener('abort', leave);
        return { events: run(events, operation, request, end) };
      } catch (error) {
        end();
        throw error;
      }
    },
    stop() {
      stopping.abort();
      for (const end of [...endings]) end();
    },
  };
}

/** The payload has the root field alone. */
function eventOf(payload: unknown): LiveEvent {
  const [event] = Object.values(payload as Record<string, LiveEvent>);
  if (typeof event?.cursor !== 'string') throw new Error('an event of a subscription has no cursor');
  return event;
}

const tookTooLong = () => new Error('an event took too long');

/** Whether it may work the next time. */
const isPassing = (error: unknown) =>
  error instanceof MedleyError && /^UPSTREAM_/.test(String(error.extensions.code));

/** @returns undefined when the signal is aborted first */
function untilAborted<T>(promise: Promise<T>, signal: AbortSignal): Promise<T | undefined> {
  return new Promise((resolve, reject) => {
    const onAbort = () => resolve(undefined);
    if (signal.aborted) onAbort();
    else signal.addEventListener('abort', onAbort, { once: true });
    promise.then(resolve, reject).finally(() => signal.removeEventListener('abort', onAbort));
  });
}
