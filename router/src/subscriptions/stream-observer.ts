import type { Metrics } from '@medley/service';
import type { StreamEnd, StreamTransport } from './subscription-handler.ts';

/** `left` when it was the client who ended it. */
export type StreamEndReason = Lowercase<StreamEnd> | 'left';

/** Counts what subscriptions do. */
export interface StreamObserver {
  opened(graph: string, transport: StreamTransport): void;
  ended(graph: string, transport: StreamTransport, reason: StreamEndReason): void;
  refused(graph: string, transport: StreamTransport, code: string): void;
  delivered(graph: string, results: number): void;
  completed(graph: string, durationMs: number): void;
  /** So many streams of subgraphs run. */
  upstream(graph: string, streams: number): void;
}

export function createStreamObserver(metrics: Metrics): StreamObserver {
  const open = metrics.gauge(
    'medley_router_client_streams',
    'Subscriptions of clients that are open, by graph and transport.',
    ['graph', 'transport'],
  );
  const ends = metrics.counter(
    'medley_router_client_streams_ended_total',
    'Subscriptions of clients that ended, by reason: complete, draining, too_slow, left.',
    ['graph', 'transport', 'reason'],
  );
  const refusals = metrics.counter(
    'medley_router_client_streams_refused_total',
    'Subscriptions of clients that were refused, by the code of their first error.',
    ['graph', 'transport', 'code'],
  );
  const upstream = metrics.gauge(
    'medley_router_upstream_streams',
    'Streams of subgraphs that run; many clients may share one.',
    ['graph'],
  );
  const delivered = metrics.counter(
    'medley_router_stream_results_total',
    'Results of subscriptions that clients took.',
    ['graph'],
  );
  const completions = metrics.histogram(
    'medley_router_event_completion_seconds',
    'How long it took to make of an event what its subscription asks for; once for all who share it.',
    ['graph'],
  );
  return {
    opened: (graph, transport) => open.inc({ graph, transport }),
    ended(graph, transport, reason) {
      open.dec({ graph, transport });
      ends.inc({ graph, transport, reason });
    },
    refused: (graph, transport, code) => refusals.inc({ graph, transport, code }),
    delivered: (graph, results) => delivered.inc({ graph }, results),
    completed: (graph, durationMs) => completions.observe({ graph }, durationMs / 1_000),
    upstream: (graph, streams) => upstream.set({ graph }, streams),
  };
}
