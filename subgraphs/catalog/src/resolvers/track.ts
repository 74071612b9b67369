import { encodeId } from '@medley/ids';
import { moodsOf } from '../domain/moods.ts';
import type { TrackResolvers } from '../generated/graphql.ts';
import { loadPresent } from '../loaders.ts';
import { toLicensing } from './licensing.ts';
import { resolveReference } from './reference.ts';

export const Track: TrackResolvers = {
  __resolveReference: resolveReference('track', ({ loaders }) => loaders.tracks),
  id: ({ id }) => encodeId('track', id),
  album: ({ albumId }, _, { loaders }) => (albumId ? loaders.albums.load(albumId) : null),
  artists: async ({ id }, _, { loaders }) =>
    loadPresent(loaders.artists, await loaders.artistIdsOfTrack.load(id)),
  audioFeatures: ({ id }, _, { loaders }) => loaders.audioFeaturesOfTrack.load(id),
  moods: async ({ id }, _, { loaders }) => {
    const features = await loaders.audioFeaturesOfTrack.load(id);
    return features ? [...moodsOf(features)] : [];
  },
  licensing: async ({ id }, given, { loaders, request, now }) => {
    const market = given.market ?? request.market;
    const at = given.at ?? now();
    const licences = await loaders.licences.load({ trackId: id, market });
    return licences && toLicensing(licences, at);
  },
};
