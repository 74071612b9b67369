import { decodeId } from '@medley/ids';
import type { TrackResolvers } from '../generated/graphql.ts';
import { resolveReference } from './reference.ts';

export const Track: TrackResolvers = {
  __resolveReference: resolveReference('track'),
  playCount: ({ id, playCount }, _, { loaders }) =>
    playCount ?? loaders.playCountOfTrack.load(decodeId(id, 'track')),
};
