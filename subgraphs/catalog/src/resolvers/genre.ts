import { encodeId } from '@medley/ids';
import type { GenreResolvers } from '../generated/graphql.ts';
import { audienceOf, readList } from './list-field.ts';
import { resolveReference } from './reference.ts';

export const Genre: GenreResolvers = {
  __resolveReference: resolveReference('genre', ({ loaders }) => loaders.genres),
  id: ({ id }) => encodeId('genre', id),
  parent: ({ parentId }, _, { loaders }) => (parentId ? loaders.genres.load(parentId) : null),
  artists: ({ id }, given, context) =>
    readList(context, given, { field: 'Genre.artists', list: 'genreArtists', parentId: id }),
  tracks: ({ id }, given, context) =>
    readList(context, given, {
      field: 'Genre.tracks',
      list: 'genreTracks',
      parentId: id,
      bound: { includeUnavailable: given.includeUnavailable },
      filter: { audience: audienceOf(context, given) },
    }),
};
