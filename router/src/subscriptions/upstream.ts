import { MedleyError } from '@medley/errors';
import type { LinkEvent, LinkSubscription } from '@medley/subgraph-link';
import type { GraphQLFormattedError } from 'graphql';
import type { EventResult } from './event-completion.ts';

/** An event, parsed. */
export interface UpstreamEvent {
  readonly result: EventResult;
  readonly cursor: string;
  readonly replaces: boolean;
}

/** Why there is nothing more: for good when it has no errors. They are as the subgraph made them, not masked here. */
export type UpstreamErrors = readonly GraphQLFormattedError[];

export interface UpstreamOptions {
  /** @throws MedleyError when the subgraph cannot be reached */
  readonly begin: (after: string | undefined) => Promise<LinkSubscription>;
  /** Where it begins; at now, unless given. */
  readonly after: string | undefined;
  /** Ends it, then it returns. */
  readonly signal: AbortSignal;
  /** Told when the link breaks, and when the stream goes on. */
  readonly onLink: (state: 'disconnected' | 'reconnected') => void;
  /** Told when the subgraph sent what is no result; the stream is begun again then. */
  readonly onMalformed: () => void;
  /** For how long a link that broke is tried again, in milliseconds, before the stream is given up. */
  readonly reconnectMs: number;
  /** Milliseconds since any fixed moment; it never goes back. */
  readonly clock: () => number;
  /** Waits, or until the signal is aborted. */
  readonly pause: (ms: number, signal: AbortSignal) => Promise<void>;
  readonly random: () => number;
}

export type Upstream =
  | { readonly refused: UpstreamErrors }
  | { readonly events: AsyncGenerator<UpstreamEvent, UpstreamErrors, undefined> };

/**
 * A stream of events of one subgraph. When the link to it breaks, it is begun again after the last event. It returns why it ended.
 * @throws MedleyError UPSTREAM_UNAVAILABLE or UPSTREAM_TIMEOUT when it cannot be begun
 */
export async function openUpstream(options: UpstreamOptions): Promise<Upstream> {
  const subscription = await options.begin(options.after);
  if ('refusal' in subscription) return { refused: readErrors(subscription.refusal) };
  return { events: follow(subscription.events, options) };
}

async function* follow(
  first: AsyncIterable<LinkEvent>,
  { begin, after, signal, onLink, onMalformed, reconnectMs, clock, pause, random }: UpstreamOptions,
): AsyncGenerator<UpstreamEvent, UpstreamErrors, undefined> {
  let cursor = after;
  let events: AsyncIterable<LinkEvent> | undefined = first;
  let begunAt = clock();
  let brokenAt: number | undefined;
  for (let attempt = 0; ; attempt++) {
    try {
      if (!events) {
        const subscription = await begin(cursor);
        if ('events' in subscription) {
          events = subscription.events;
          begunAt = clock();
          onLink('reconnected');
        } else {
          const errors = readErrors(subscription.refusal);
          if (!errors.some(isPassing)) return errors;
        }
      }
      if (events) {
        for await (const event of events) {
          if (event.cursor === undefined) return readErrors(event.body);
          const result = JSON.parse(event.body);
          cursor = event.cursor;
          brokenAt = undefined;
          attempt = 0;
          yield { result, cursor, replaces: event.replaces };
        }
        return [];
      }
    } catch (error) {
      if (signal.aborted) return [];
      // What is no JSON comes from a link that is out of order: begun again it may be good. Other breaks were logged where they happened.
      if (error instanceof SyntaxError) onMalformed();
    }
    if (events && clock() - begunAt >= maxBackoffMs) {
      // It held for a while: this is another break.
      brokenAt = undefined;
      attempt = 0;
    }
    events = undefined;
    onLink('disconnected');
    brokenAt ??= clock();
    if (clock() - brokenAt >= reconnectMs) return [unavailable];
    await pause(backoffMs(attempt, random), signal);
    if (signal.aborted) return [];
  }
}

const maxBackoffMs = 5_000;

/** From 100 ms to 5 s, and up to half less, so that not all come at once. */
const backoffMs = (attempt: number, random: () => number) =>
  Math.min(maxBackoffMs, 100 * 2 ** Math.min(attempt, 10)) * (1 - random() / 2);

const unavailable = new MedleyError(
  'UPSTREAM_UNAVAILABLE',
  'Where this comes from cannot be reached at the moment.',
).toJSON();

/** What may be otherwise the next time: a subgraph that has just been started may lack its database for a moment. */
const isPassing = ({ extensions }: GraphQLFormattedError) =>
  ['INTERNAL', 'UPSTREAM_UNAVAILABLE', 'UPSTREAM_TIMEOUT'].includes(String(extensions?.code));

function readErrors(body: string): UpstreamErrors {
  const { errors } = JSON.parse(body) as { errors?: UpstreamErrors };
  return Array.isArray(errors) ? errors : [];
}
