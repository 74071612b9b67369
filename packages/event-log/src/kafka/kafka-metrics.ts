import { createMetrics, type Metrics } from '@medley/service';

/** What an operator sees of Kafka as one process uses it. */
export type KafkaMetrics = ReturnType<typeof createKafkaMetrics>;

/** Once in a process. @param metrics without it nobody sees them */
export function createKafkaMetrics(metrics: Metrics = createMetrics()) {
  return {
    seconds: metrics.histogram(
      'medley_event_log_append_seconds',
      'How long it took until Kafka had confirmed a call of append',
      ['topic'],
    ),
    records: metrics.counter(
      'medley_event_log_records_total',
      'Records to append, by what came of them: stored, unavailable (not confirmed in time), refused (too large, no such topic)',
      ['topic', 'result'],
    ),
    resends: metrics.counter(
      'medley_event_log_resends_total',
      'Batches that were sent again, as Kafka did not confirm them',
      ['topic'],
    ),
    waitingBytes: metrics.gauge(
      'medley_event_log_waiting_bytes',
      'Bytes of records in memory that wait to be confirmed',
    ),
    rejoins: metrics.counter(
      'medley_event_log_rejoins_total',
      'How often a consumer had to begin anew: lost (connections, elections), silent (no sign of life), failed (else)',
      ['group', 'reason'],
    ),
  };
}
