import type { Metrics } from '@medley/service';

/** The same for all relays in one process. */
export function relayMetricsOf(metrics: Metrics): RelayMetrics {
  const known = relayMetrics.get(metrics) ?? createRelayMetrics(metrics);
  relayMetrics.set(metrics, known);
  return known;
}

const relayMetrics = new WeakMap<Metrics, RelayMetrics>();

function createRelayMetrics(metrics: Metrics) {
  return {
    published: metrics.counter('medley_relay_published_total', 'Events that the log has confirmed', [
      'topic',
    ]),
    republished: metrics.counter('medley_relay_republished_total', 'States that were sent again', ['topic']),
    failures: metrics.counter('medley_relay_failures_total', 'Times a page could not be relayed', ['topic']),
    refused: metrics.counter('medley_relay_refused_total', 'Events that no log will take: a bug', ['topic']),
    active: metrics.gauge('medley_relay_active', 'Whether this process relays: one at a time does', [
      'topic',
    ]),
    lagSeconds: metrics.gauge('medley_relay_lag_seconds', 'Age of the oldest change that waits', ['topic']),
    lagRows: metrics.gauge('medley_relay_lag_rows', 'How many changes wait, up to 100,000', ['topic']),
    caughtUp: metrics.gauge('medley_relay_caught_up_seconds', 'When nothing waited last, Unix time', [
      'topic',
    ]),
  };
}

export type RelayMetrics = ReturnType<typeof createRelayMetrics>;
