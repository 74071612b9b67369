import { encodeId } from '@medley/ids';
import type { AlbumResolvers } from '../generated/graphql.ts';
import { loadPresent } from '../loaders.ts';
import { readList } from './list-field.ts';
import { resolveReference } from './reference.ts';

export const Album: AlbumResolvers = {
  __resolveReference: resolveReference('album', ({ loaders }) => loaders.albums),
  id: ({ id }) => encodeId('album', id),
  artists: async ({ id }, _, { loaders }) =>
    loadPresent(loaders.artists, await loaders.artistIdsOfAlbum.load(id)),
  cover: ({ id }, { size }, { image }) => image(encodeId('album', id), size),
  trackCount: async ({ id }, _, { loaders }) => (await loaders.totalsOfAlbum.load(id)).trackCount,
  durationMs: async ({ id }, _, { loaders }) => (await loaders.totalsOfAlbum.load(id)).durationMs,
  tracks: ({ id }, given, context) =>
    readList(context, given, { field: 'Album.tracks', list: 'albumTracks', parentId: id }),
};
