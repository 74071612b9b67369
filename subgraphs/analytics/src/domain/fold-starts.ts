import { binOf } from './latency-bins.ts';
import { bucketOf, rowGrains } from './row-grain.ts';
import { createTally } from './tally.ts';

/** How one start felt. Times in milliseconds, moments since 1970. */
export interface MeasuredStart {
  /** `user_…` */
  readonly userId: string;
  /** `decision_…`, the grant that it was started under, and when that was given. */
  readonly decisionId: string;
  readonly grantedAt: number;
  /** When somebody clicked. */
  readonly startedAt: number;
  readonly market: string;
  readonly tier: string;
  readonly quality: string;
  readonly outcome: 'STARTED' | 'FAILED' | 'ABANDONED';
  /** Null when it was not measured. */
  readonly clickToSoundMs: number | null;
  readonly msPlayed: number;
  /** How long each silence for want of data was. */
  readonly stallsMs: readonly number[];
  readonly bytes: number;
  readonly edgeHits: number;
  readonly edgeMisses: number;
}

export const qualityKeys = ['grain', 'bucket', 'market', 'tier', 'quality'] as const;
export const qualityCounters = [
  ...(['started', 'failed', 'abandoned', 'ms_played', 'stalls', 'stalled_ms', 'stalled_starts'] as const),
  ...(['bytes', 'edge_hits', 'edge_misses'] as const),
] as const;
export const startTimeKeys = [...qualityKeys, 'bin'] as const;
export const startTimeCounters = ['starts'] as const;

/** What starts add to the rows of playback quality, and to the bins of how long they took: each by the minute, hour and day of its click. */
export function foldStarts(starts: readonly MeasuredStart[]) {
  const quality = createTally(qualityCounters);
  const startTimes = createTally(startTimeCounters);
  for (const start of starts) {
    const counts = countsOf(start);
    // Of what brought no sound there is no time until it, whatever is told.
    const timeMs = start.outcome === 'STARTED' ? start.clickToSoundMs : null;
    for (const grain of rowGrains) {
      const bucket = bucketOf(grain, start.startedAt);
      const key = { grain, bucket, market: start.market, tier: start.tier, quality: start.quality };
      quality.add(key, counts);
      if (timeMs !== null) startTimes.add({ ...key, bin: binOf(timeMs) }, { starts: 1 });
    }
  }
  return { quality: quality.rows(), startTimes: startTimes.rows() };
}

function countsOf(start: MeasuredStart) {
  const { outcome, msPlayed, stallsMs } = start;
  const fetched = fetchedOf(start);
  if (outcome === 'FAILED') return { failed: 1, ...fetched };
  if (outcome === 'ABANDONED') return { abandoned: 1, ...fetched };
  const stalledMs = stallsMs.reduce((sum, ms) => sum + ms, 0);
  return {
    started: 1,
    ms_played: msPlayed,
    stalls: stallsMs.length,
    stalled_ms: Math.min(stalledMs, msPlayed + mostSilenceMs),
    stalled_starts: stallsMs.length > 0 ? 1 : 0,
    ...fetched,
  };
}

// Measurements are told by players, and nobody can check them: what one start adds to sums is bounded, so that none moves them by itself.

/** Silence counts for as long as sound was heard, and a minute: nobody waits for longer. */
const mostSilenceMs = 60_000;
/** 512 KB each: 100 MB, of which a start has less in any quality but a LOSSLESS one of an hour. */
const mostAnswers = 200;
const mostBytes = 1_000_000_000;

function fetchedOf({ bytes, edgeHits, edgeMisses }: MeasuredStart) {
  const answers = edgeHits + edgeMisses;
  const share = Math.min(1, mostAnswers / answers);
  const hits = answers === 0 ? 0 : Math.round(edgeHits * share);
  const misses = answers === 0 ? 0 : Math.round(edgeMisses * share);
  return { bytes: Math.min(bytes, mostBytes), edge_hits: hits, edge_misses: misses };
}
