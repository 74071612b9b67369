import type { Context } from '../context.ts';
import { daysOf } from '../domain/time-window.ts';
import type { QueryTopArtistsArgs, RequireFields } from '../generated/graphql.ts';
import { limitArgument } from './arguments.ts';
import { toReference } from './reference.ts';

export async function readTopArtists(
  { market = null, window, first }: RequireFields<QueryTopArtistsArgs, 'window' | 'first'>,
  { statistics, now }: Context,
) {
  const limit = limitArgument(first, 100);
  const until = now();
  const days = daysOf(window, until);
  const artists = await statistics.findTopArtists(market, days, limit);
  return {
    from: days.first,
    until,
    entries: artists.map(({ id, plays }, index) => ({
      rank: index + 1,
      artist: toReference('artist', id),
      plays,
    })),
  };
}
