import type { Logger, Metrics } from '@medley/service';

/** Why an offered event was lost: no room, refused by the log, or the process stopped before the log was there. */
export type Lost = 'full' | 'refused' | 'stopped';

/** Counts what becomes of the events that are offered for one topic, and says in the log when some are lost. */
export function meterOffers(topic: string, { logger, metrics }: { logger: Logger; metrics: Metrics }) {
  const { events, held } = metersOf(metrics);
  let lostSinceTold = 0;
  let toldAt = Number.NEGATIVE_INFINITY;
  return {
    stored: (count: number) => events.inc({ topic, outcome: 'stored' }, count),
    holds: (count: number) => held.set({ topic }, count),
    lost(count: number, why: Lost) {
      events.inc({ topic, outcome: why }, count);
      lostSinceTold += count;
      // Thousands may be lost in a second: one line in ten seconds tells as much.
      if (performance.now() - toldAt < 10_000) return;
      logger.warn({ topic, why, events: lostSinceTold }, 'events were lost');
      toldAt = performance.now();
      lostSinceTold = 0;
    },
  };
}

// A process offers events for several topics, and may name a metric only once.
const known = new WeakMap<Metrics, ReturnType<typeof createMeters>>();

function metersOf(metrics: Metrics) {
  const meters = known.get(metrics) ?? createMeters(metrics);
  known.set(metrics, meters);
  return meters;
}

const createMeters = (metrics: Metrics) => ({
  events: metrics.counter(
    'medley_offered_events_total',
    'Events that were offered to the log: stored, or lost: full (no room), refused (by the log), stopped (with the process)',
    ['topic', 'outcome'],
  ),
  held: metrics.gauge('medley_offered_events_held', 'Events in memory that wait for the log', ['topic']),
});
