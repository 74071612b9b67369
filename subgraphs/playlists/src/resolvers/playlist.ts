import { encodeId } from '@medley/ids';
import { referenceUuid } from '@medley/subgraph';
import { mayEditItems } from '../domain/playlist.ts';
import type { PlaylistResolvers } from '../generated/graphql.ts';

export const Playlist: PlaylistResolvers = {
  // Asynchronous, because a reference that throws at once would cost all entities of the request.
  async __resolveReference({ id }, { loaders }) {
    const uuid = referenceUuid('playlist', id);
    return uuid === null ? null : loaders.playlist.load(uuid);
  },
  id: ({ id }) => encodeId('playlist', id),
  owner: ({ ownerId }) => ({ id: encodeId('user', ownerId) }),
  viewerFollows: ({ id }, _args, { loaders }) => loaders.isFollowed.load(id),
  viewerCanEdit: ({ role }) => mayEditItems(role),
};
