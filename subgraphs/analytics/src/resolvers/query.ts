import { badUserInput } from '@medley/errors';
import { encodeId } from '@medley/ids';
import { requireService } from '@medley/subgraph';
import { daysOf } from '../domain/time-window.ts';
import type { QueryResolvers } from '../generated/graphql.ts';
import { readAnalyticsStatus } from './analytics-status.ts';
import { limitArgument } from './arguments.ts';
import { readCdnTraffic } from './cdn-traffic.ts';
import { readChart } from './chart.ts';
import { readDenials } from './denials.ts';
import { readDoubtfulPlays } from './doubtful-plays.ts';
import { readEdgeStatus } from './edge-status.ts';
import { forAnalysts } from './for-analysts.ts';
import { readListeners } from './listeners.ts';
import { readPlaySeries } from './play-series.ts';
import { readPlaybackQuality } from './playback-quality.ts';
import { readTopArtists } from './top-artists.ts';
import { readTopTracks } from './top-tracks.ts';

/** How far down the list of the most played tracks goes. */
const mostTracks = 10_000;

export const Query: QueryResolvers = {
  charts: (_, given, context) => readChart(given, context),
  playSeries: forAnalysts(readPlaySeries),
  topTracks: forAnalysts(readTopTracks),
  topArtists: forAnalysts(readTopArtists),
  listeners: forAnalysts(readListeners),
  denials: forAnalysts(readDenials),
  playbackQuality: forAnalysts(readPlaybackQuality),
  cdnTraffic: forAnalysts(readCdnTraffic),
  edgeStatus: forAnalysts(readEdgeStatus),
  doubtfulPlays: forAnalysts(readDoubtfulPlays),
  analyticsStatus: forAnalysts(readAnalyticsStatus),

  mostPlayedTracks: async (_, { first, skip }, { request, statistics, now }) => {
    requireService(request);
    const limit = limitArgument(first, mostTracks);
    // What is skipped is counted and sorted too.
    if (skip < 0 || skip + limit > mostTracks)
      throw badUserInput(`skip must be 0..${mostTracks - limit} with first ${limit}, got ${skip}`);
    const tracks = await statistics.findTopTracks(null, daysOf('LAST_7_DAYS', now()), { skip, limit });
    return tracks.map(({ id }) => encodeId('track', id));
  },
  playedTrackCount: async (_, _given, { request, statistics, now }) => {
    requireService(request);
    return statistics.countPlayedTracks(daysOf('LAST_7_DAYS', now()));
  },
};
