import type { Context } from '../context.ts';
import { chartDepth, pickForAudience } from '../domain/ranking.ts';
import { chartDays } from '../domain/time-window.ts';
import type { ChartEntryResolvers, QueryChartsArgs, RequireFields } from '../generated/graphql.ts';
import { limitArgument } from './arguments.ts';
import { toReference } from './reference.ts';

type Given = RequireFields<QueryChartsArgs, 'first' | 'includeUnavailable'>;

/** The chart of a market, as far as it is for the viewer. */
export async function readChart(given: Given, { request, statistics, now }: Context) {
  const limit = limitArgument(given.first, 100);
  const market = given.market ?? request.market;
  const until = now();
  const audience = {
    market: given.includeUnavailable ? null : request.market,
    explicit: request.explicit,
  };
  const { days, before } = chartDays(until);
  const ranking = await statistics.rankTracks(market, days, before, chartDepth);
  return {
    market,
    from: days.first,
    until,
    entries: pickForAudience(ranking, audience, limit),
  };
}

export const ChartEntry: ChartEntryResolvers = {
  track: ({ trackId }) => toReference('track', trackId),
};
