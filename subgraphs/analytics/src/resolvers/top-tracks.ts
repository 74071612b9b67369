import type { Context } from '../context.ts';
import type { Plays } from '../domain/statistics.ts';
import { type Days, daysOf } from '../domain/time-window.ts';
import type { QueryTopTracksArgs, RequireFields, TopTrackResolvers } from '../generated/graphql.ts';
import { limitArgument } from './arguments.ts';
import { toReference } from './reference.ts';

/** A track that was played much on some days. */
export interface TopTrackOf extends Plays {
  readonly rank: number;
  readonly days: Days;
}

export async function readTopTracks(
  { market = null, window, first }: RequireFields<QueryTopTracksArgs, 'window' | 'first'>,
  { statistics, now }: Context,
) {
  const limit = limitArgument(first, 100);
  const until = now();
  const days = daysOf(window, until);
  const tracks = await statistics.findTopTracks(market, days, { skip: 0, limit });
  return {
    from: days.first,
    until,
    entries: tracks.map((track, index) => ({ ...track, rank: index + 1, days })),
  };
}

export const TopTrack: TopTrackResolvers = {
  track: ({ id }) => toReference('track', id),
  listeners: ({ id, days }, _, { loaders }) => loaders.listenersOfTrack.load({ trackId: id, days }),
};
