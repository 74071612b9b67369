import { idArgument } from '@medley/subgraph';
import type { TrackResolvers } from '../generated/graphql.ts';
import { toPlayability } from './playability.ts';
import { toPlaybackUrlResult } from './playback-url-result.ts';

export const Track: TrackResolvers = {
  __resolveReference({ id }) {
    idArgument('id', id, 'track');
    return { id };
  },
  async playability({ id }, _, { playback }) {
    return toPlayability(await playback.decidePlayability(id));
  },
  async playbackUrl({ id }, { quality }, { playback }) {
    return toPlaybackUrlResult(await playback.decideUrl(id, quality));
  },
};
