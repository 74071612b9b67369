import { MedleyError } from '@medley/errors';
import type { Context } from '../context.ts';
import { percentilesOf, relativeError } from '../domain/latency-bins.ts';
import { ratio } from '../domain/quality-counts.ts';
import { readTimeRange, readTimeSpan } from '../domain/time-range.ts';
import type {
  AudioQuality,
  PlaybackQualityGroupResolvers,
  QueryPlaybackQualityArgs,
  RequireFields,
  Tier,
} from '../generated/graphql.ts';
import { orRefuse } from './arguments.ts';

type Given = RequireFields<QueryPlaybackQualityArgs, 'from' | 'by' | 'coarser'>;

const mostGroups = 10_000;

export async function readPlaybackQuality(given: Given, { statistics, now }: Context) {
  const { from, until = null, every = null, coarser, by } = given;
  const { market = null, tier = null, quality = null } = given;
  const asked = { from, until };
  const time = orRefuse(
    every ? readTimeRange({ ...asked, every, coarser }, now()) : readTimeSpan(asked, 'MINUTE', now()),
  );
  const filter = { market, tier, quality };
  const groups = await statistics.countQuality(time, filter, by, mostGroups + 1);
  if (groups.length > mostGroups)
    throw new MedleyError(
      'COST_EXCEEDED',
      'These are more than 10,000 groups: ask for less time, a coarser grain or fewer dimensions.',
      { cost: groups.length, limit: mostGroups },
    );
  return {
    from: time.from,
    until: time.until,
    every: 'every' in time ? time.every : null,
    groups: [...groups],
  };
}

export const PlaybackQualityGroup: PlaybackQualityGroupResolvers = {
  market: ({ market }) => market || null,
  tier: ({ tier }) => (tier || null) as Tier | null,
  quality: ({ quality }) => (quality || null) as AudioQuality | null,
  starts: ({ started }) => started,
  startFailures: ({ failed }) => failed,
  abandonedStarts: ({ abandoned }) => abandoned,
  startFailureRatio: ({ started, failed, abandoned }) => ratio(failed, started + failed + abandoned),
  clickToSound({ startTimes }) {
    // To a hundredth, which is well within the error.
    const percentiles = percentilesOf(startTimes, [0.5, 0.95, 0.99])?.map((ms) => Math.round(ms * 100) / 100);
    const [p50Ms, p95Ms, p99Ms] = percentiles ?? [];
    if (p50Ms === undefined || p95Ms === undefined || p99Ms === undefined) return null;
    const count = startTimes.reduce((sum, bin) => sum + bin.count, 0);
    return { count, p50Ms, p95Ms, p99Ms, relativeError };
  },
  stalledStartRatio: ({ stalledStarts, started }) => ratio(stalledStarts, started),
  stutterRatio: ({ stalledMs, msPlayed }) => ratio(stalledMs, stalledMs + msPlayed),
  edgeHitRatio: ({ edgeHits, edgeMisses }) => ratio(edgeHits, edgeHits + edgeMisses),
};
