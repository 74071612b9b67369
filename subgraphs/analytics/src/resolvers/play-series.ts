import type { Context } from '../context.ts';
import { noPlays } from '../domain/play-counts.ts';
import { readTimeRange } from '../domain/time-range.ts';
import { fillSeries, sumCounts } from '../domain/time-series.ts';
import type { PlayCountsResolvers, QueryPlaySeriesArgs, RequireFields } from '../generated/graphql.ts';
import { orRefuse } from './arguments.ts';

type Given = RequireFields<QueryPlaySeriesArgs, 'from' | 'every' | 'coarser'>;

export async function readPlaySeries(given: Given, { statistics, now }: Context) {
  const { market = null, tier = null } = given;
  const range = orRefuse(readTimeRange({ ...given, until: given.until ?? null }, now()));
  const counted = await statistics.countPlays(range, { market, tier });
  return {
    requestedEvery: given.every,
    every: range.every,
    from: range.from,
    until: range.until,
    total: sumCounts(
      counted.map(({ counts }) => counts),
      noPlays,
    ),
    points: fillSeries(range, counted, noPlays),
  };
}

export const PlayCounts: PlayCountsResolvers = {
  notCounted: ({ tooShort, unverified, grantExpired, doubtful }) => [
    { reason: 'TOO_SHORT', plays: tooShort },
    { reason: 'UNVERIFIED', plays: unverified },
    { reason: 'GRANT_EXPIRED', plays: grantExpired },
    { reason: 'DOUBTFUL', plays: doubtful },
  ],
};
