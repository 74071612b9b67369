import { idArgument } from '@medley/subgraph';
import type { QueryResolvers } from '../generated/graphql.ts';
import { playbackDecision } from './playback-decision.ts';
import { toPlaybackUrlResult } from './playback-url-result.ts';

export const Query: QueryResolvers = {
  playbackDecision,
  async playbackUrl(_, { trackId, quality }, { playback }) {
    idArgument('trackId', trackId, 'track');
    return toPlaybackUrlResult(await playback.decideUrl(trackId, quality));
  },
};
