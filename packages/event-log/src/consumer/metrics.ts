import type { Metrics } from '@medley/service';
import type { DeadLetterCause } from './dead-letter.ts';

/** What an operator sees of one group and topic. */
export type ConsumerMeter = ReturnType<typeof meterConsumer>;

export function meterConsumer(metrics: Metrics, group: string, topic: string) {
  const meters = metersOf(metrics);
  const labels = { group, topic };
  return {
    lag: (records: bigint) => meters.lag.set(labels, Number(records)),
    /** Some partition waits for the end of a failure; call what it returns when it goes on. */
    waits() {
      meters.waiting.inc(labels);
      return () => meters.waiting.dec(labels);
    },
    retried: (kind: 'transient' | 'failed') => meters.retries.inc({ ...labels, kind }),
    deadLetter(cause: DeadLetterCause) {
      meters.records.inc({ ...labels, outcome: 'dead letter' });
      meters.deadLetters.inc({ ...labels, cause });
    },
    skipped: (count: number) => meters.records.inc({ ...labels, outcome: 'skipped' }, count),
    handled(count: number, appendedAt: Date) {
      meters.records.inc({ ...labels, outcome: 'handled' }, count);
      meters.delay.observe(labels, Math.max(0, Date.now() - appendedAt.getTime()) / 1_000);
      meters.success.set(labels, Date.now() / 1_000);
    },
    startTimer: () => meters.seconds.startTimer(labels),
    /** Others tell the lag from now on. */
    gone: () => meters.lag.remove(labels),
  };
}

// A process has several consumers, and may name a metric only once.
const known = new WeakMap<Metrics, ReturnType<typeof createMeters>>();

function metersOf(metrics: Metrics) {
  const meters = known.get(metrics) ?? createMeters(metrics);
  known.set(metrics, meters);
  return meters;
}

const createMeters = (metrics: Metrics) => ({
  lag: metrics.gauge('medley_consumer_lag_records', 'Records that wait for the group, of all its members', [
    'group',
    'topic',
  ]),
  waiting: metrics.gauge(
    'medley_consumer_waiting_partitions',
    'Partitions that stand still until something outside is well again',
    ['group', 'topic'],
  ),
  records: metrics.counter(
    'medley_consumer_records_total',
    'Records by what became of them: handled, dead letter, skipped (sent again for another group)',
    ['group', 'topic', 'outcome'],
  ),
  retries: metrics.counter(
    'medley_consumer_retries_total',
    'Calls of the handler that failed and are made again: transient (something outside), failed (the handler)',
    ['group', 'topic', 'kind'],
  ),
  deadLetters: metrics.counter(
    'medley_consumer_dead_letters_total',
    'Records sent to the dead letters: poison (no event of the contract), failed, refused (by the handler)',
    ['group', 'topic', 'cause'],
  ),
  seconds: metrics.histogram('medley_consumer_handle_seconds', 'How long the handler took for one call', [
    'group',
    'topic',
  ]),
  delay: metrics.histogram(
    'medley_consumer_delay_seconds',
    'How long after it was appended the first record of a call had its effect',
    ['group', 'topic'],
    [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 60, 600, 3600],
  ),
  success: metrics.gauge(
    'medley_consumer_last_success_seconds',
    'When the handler last succeeded, Unix time',
    ['group', 'topic'],
  ),
});
