import { encodeId } from '@medley/ids';
import type { TrackResolvers } from '../generated/graphql.ts';
import { loadPresent } from '../loaders.ts';
import { resolveReference } from './reference.ts';

export const Track: TrackResolvers = {
  __resolveReference: resolveReference('track', ({ loaders }) => loaders.tracks),
  id: ({ id }) => encodeId('track', id),
  album: ({ albumId }, _, { loaders }) => (albumId ? loaders.albums.load(albumId) : null),
  artists: async ({ id }, _, { loaders }) =>
    loadPresent(loaders.artists, await loaders.artistIdsOfTrack.load(id)),
};
