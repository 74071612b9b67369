import { createEvent, type EventOf, edgeRequestSampled, edgeTrafficCounted } from '@medley/events';
import type { TrafficTotals } from './traffic-count.ts';
import type { TrafficWindow } from './traffic-window.ts';

/** What is told on `edge.access.v1`. */
export type EdgeAccessEvent = EventOf<typeof edgeTrafficCounted> | EventOf<typeof edgeRequestSampled>;

/** One request, as an access log has it. */
export interface SampledRequest {
  /** When it ended, in milliseconds since 1970. */
  readonly at: number;
  readonly method: string;
  /** Without a token. */
  readonly path: string;
  /** The header `Range`. */
  readonly range: string | null;
  readonly status: number;
  /** Of the body. */
  readonly bytesSent: number;
  /** Of slices that were not in the cache when it needed them. */
  readonly originBytes: number;
  readonly durationMs: number;
}

const source = 'edge';

/** @param id the same for who may tell it twice; a new one unless told otherwise */
export function trafficCounted(
  node: string,
  { from, until }: TrafficWindow,
  totals: TrafficTotals,
  id?: string,
): EdgeAccessEvent {
  return createEvent(edgeTrafficCounted, {
    source,
    key: node,
    id,
    // Not when it is told: that may be twice.
    time: new Date(until),
    data: {
      node,
      from: new Date(from).toISOString(),
      until: new Date(until).toISOString(),
      ...totals,
      answers: [...totals.answers],
      hottestMisses: [...totals.hottestMisses],
    },
  });
}

/**
 * @param sampledOutOf how many requests it stands for
 * @param id the same for who may tell it twice; a new one unless told otherwise
 */
export function requestSampled(
  node: string,
  { at, method, path, range, status, bytesSent, originBytes, durationMs }: SampledRequest,
  sampledOutOf: number,
  id?: string,
): EdgeAccessEvent {
  const time = new Date(at);
  return createEvent(edgeRequestSampled, {
    source,
    key: node,
    id,
    time,
    data: {
      node,
      at: time.toISOString(),
      // Clients make both up, of any length.
      method: method.slice(0, 16),
      range: range?.slice(0, 100) ?? null,
      path,
      status,
      bytesSent,
      originBytes,
      durationMs,
      sampledOutOf,
    },
  });
}
