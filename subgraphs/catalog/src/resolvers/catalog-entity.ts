import { encodeId } from '@medley/ids';
import type { CatalogEntityResolvers } from '../generated/graphql.ts';

export const CatalogEntity: CatalogEntityResolvers = {
  id: ({ kind, id }) => encodeId(kind, id),
  artistIds: ({ artists }) => artists.map(({ id }) => encodeId('artist', id)),
  artistNames: ({ artists }) => artists.map(({ name }) => name),
  albumId: ({ album }) => (album ? encodeId('album', album.id) : null),
  albumTitle: ({ album }) => album?.title ?? null,
  genreIds: ({ genreIds }) => genreIds.map((id) => encodeId('genre', id)),
};
