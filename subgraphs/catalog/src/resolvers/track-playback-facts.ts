import { encodeId } from '@medley/ids';
import type { TrackPlaybackFactsResolvers } from '../generated/graphql.ts';

export const TrackPlaybackFacts: TrackPlaybackFactsResolvers = {
  id: ({ id }) => encodeId('track', id),
};
