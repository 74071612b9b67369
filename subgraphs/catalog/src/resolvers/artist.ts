import { encodeId } from '@medley/ids';
import type { ArtistResolvers } from '../generated/graphql.ts';
import { loadPresent } from '../loaders.ts';
import { audienceOf, readList } from './list-field.ts';
import { resolveReference } from './reference.ts';

export const Artist: ArtistResolvers = {
  __resolveReference: resolveReference('artist', ({ loaders }) => loaders.artists),
  id: ({ id }) => encodeId('artist', id),
  genres: async ({ id }, _, { loaders }) =>
    loadPresent(loaders.genres, await loaders.genreIdsOfArtist.load(id)),
  image: ({ id }, { size }, { image }) => image(encodeId('artist', id), size),
  albums: ({ id }, given, context) => {
    // Sorted and without repetitions, so that cursors go by what is asked and not by how.
    const types = given.types ? [...new Set(given.types)].sort() : null;
    return readList(context, given, {
      field: 'Artist.albums',
      list: 'artistAlbums',
      parentId: id,
      bound: { types },
      filter: { types },
    });
  },
  topTracks: ({ id }, given, context) =>
    readList(context, given, {
      field: 'Artist.topTracks',
      list: 'artistTopTracks',
      parentId: id,
      bound: { includeUnavailable: given.includeUnavailable },
      filter: { audience: audienceOf(context, given) },
    }),
};
