import { bucketOf, rowGrains } from './row-grain.ts';
import { createTally } from './tally.ts';

/** A playback decision. */
export interface Decision {
  /** Milliseconds since 1970. */
  readonly decidedAt: number;
  /** '' where unknown, as is the tier. */
  readonly market: string;
  readonly tier: string;
  /** GRANTED, or why not. */
  readonly outcome: string;
  /** How many decisions like this it stands for. */
  readonly standsFor: number;
}

export const decisionKeys = ['grain', 'bucket', 'market', 'tier', 'outcome'] as const;
export const decisionCounters = ['decisions'] as const;

/** What decisions add to their rows: each by the minute, hour and day in which it was made. */
export function foldDecisions(decisions: readonly Decision[]) {
  const tally = createTally(decisionCounters);
  for (const { decidedAt, market, tier, outcome, standsFor } of decisions) {
    for (const grain of rowGrains) {
      const bucket = bucketOf(grain, decidedAt);
      tally.add({ grain, bucket, market, tier, outcome }, { decisions: standsFor });
    }
  }
  return tally.rows();
}
