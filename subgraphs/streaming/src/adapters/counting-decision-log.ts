import type { Metrics } from '@medley/service';
import type { DecisionLog } from '../domain/decision-record.ts';

/** Counts decisions by outcome and keeps none of them. */
export function createCountingDecisionLog({ metrics }: { metrics: Metrics }): DecisionLog {
  const decisions = metrics.counter(
    'medley_playback_decisions_total',
    'Playback decisions, by outcome and requested quality.',
    ['outcome', 'quality'],
  );
  return { offer: ({ outcome, requestedQuality: quality }) => decisions.inc({ outcome, quality }) };
}
