import { decodeId } from '@medley/ids';
import type { ArtistResolvers, ArtistStatsResolvers } from '../generated/graphql.ts';
import { resolveReference } from './reference.ts';

/** Whose numbers they are: a UUID. */
export interface StatsOf {
  readonly artistId: string;
}

export const Artist: ArtistResolvers = {
  __resolveReference: resolveReference('artist'),
  stats: ({ id }) => ({ artistId: decodeId(id, 'artist') }),
};

export const ArtistStats: ArtistStatsResolvers = {
  playCount: ({ artistId }, _, { loaders }) => loaders.playCountOfArtist.load(artistId),
  monthlyListeners: ({ artistId }, _, { loaders }) => loaders.monthlyListenersOfArtist.load(artistId),
};
