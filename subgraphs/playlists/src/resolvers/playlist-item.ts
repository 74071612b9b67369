import { encodeId } from '@medley/ids';
import type { PlaylistItemResolvers } from '../generated/graphql.ts';

export const PlaylistItem: PlaylistItemResolvers = {
  id: ({ id }) => encodeId('item', id),
  track: ({ trackId }) => ({ id: encodeId('track', trackId) }),
  addedBy: ({ addedBy }) => (addedBy ? { id: encodeId('user', addedBy) } : null),
};
