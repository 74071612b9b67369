import type { Metrics } from '@medley/service';

/** What an operator sees of a spool. */
export type SpoolMetrics = ReturnType<typeof createSpoolMetrics>;

/** Once in a process. */
export function createSpoolMetrics(metrics: Metrics) {
  return {
    bytes: metrics.gauge('medley_spool_bytes', 'What the records in the spool take'),
    records: metrics.gauge('medley_spool_records', 'Records that wait in the spool for the log'),
    oldestAge: metrics.gauge('medley_spool_oldest_age_seconds', 'How long the first of them has waited'),
    logAway: metrics.gauge(
      'medley_spool_log_away',
      '1 while records go to the spool because the log does not answer',
    ),
    deferred: metrics.counter('medley_spool_deferred_total', 'Records that were put into the spool'),
    drained: metrics.counter('medley_spool_drained_total', 'Records that went from the spool to the log'),
    refused: metrics.counter(
      'medley_spool_refused_total',
      'Records that the spool could not take: full, disk (it cannot be written)',
      ['reason'],
    ),
    setAside: metrics.counter(
      'medley_spool_set_aside_total',
      'Records that the log refused for good when the spool sent them; they stay on disk',
    ),
  };
}
