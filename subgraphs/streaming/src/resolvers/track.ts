import { referenceUuid } from '@medley/subgraph';
import type { TrackResolvers } from '../generated/graphql.ts';
import { toPlayability } from './playability.ts';
import { toPlaybackUrlResult } from './playback-url-result.ts';

export const Track: TrackResolvers = {
  // Asynchronous, because a reference that throws at once would cost all entities of the request.
  async __resolveReference({ id }) {
    return referenceUuid('track', id) === null ? null : { id };
  },
  async playability({ id }, _, { playback }) {
    return toPlayability(await playback.decidePlayability(id));
  },
  async playbackUrl({ id }, { quality }, { playback }) {
    return toPlaybackUrlResult(await playback.decideUrl(id, quality));
  },
};
