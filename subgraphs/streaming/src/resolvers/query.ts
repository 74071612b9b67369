import { idArgument } from '@medley/subgraph';
import type { QueryResolvers } from '../generated/graphql.ts';
import { toPlaybackUrlResult } from './playback-url-result.ts';

export const Query: QueryResolvers = {
  async playbackUrl(_, { trackId, quality }, { playback }) {
    idArgument('trackId', trackId, 'track');
    return toPlaybackUrlResult(await playback.decideUrl(trackId, quality));
  },
};
