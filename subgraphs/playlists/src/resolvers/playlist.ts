import { readPageArguments, toConnection } from '@medley/connection';
import { encodeId } from '@medley/ids';
import { referenceUuid } from '@medley/subgraph';
import { mayEditItems } from '../domain/playlist.ts';
import { writeSnapshot } from '../domain/snapshot.ts';
import type { PlaylistResolvers } from '../generated/graphql.ts';

export const Playlist: PlaylistResolvers = {
  // Asynchronous, because a reference that throws at once would cost all entities of the request.
  async __resolveReference({ id }, { loaders }) {
    const uuid = referenceUuid('playlist', id);
    return uuid === null ? null : loaders.playlist.load(uuid);
  },
  id: ({ id }) => encodeId('playlist', id),
  owner: ({ ownerId }) => ({ id: encodeId('user', ownerId) }),
  async collaborators({ id }, _, { loaders }) {
    const userIds = await loaders.collaborators.load(id);
    return userIds.map((userId) => ({ id: encodeId('user', userId) }));
  },
  snapshotId: ({ revisions }) => writeSnapshot(revisions),
  async coverAlbums({ id }, _, { loaders }) {
    const albumIds = await loaders.coverAlbums.load(id);
    return albumIds.map((albumId) => ({ id: encodeId('album', albumId) }));
  },
  async items({ id }, given, { loaders, cursors }) {
    const binding = { cursors, field: 'Playlist.items', arguments: { id } };
    const page = readPageArguments(given, binding);
    const slice = await loaders.itemPages.load({ page, playlistId: id });
    return toConnection(slice, page, binding, {
      key: ({ position, id: itemId }) => [position, itemId],
      node: (item) => item,
    });
  },
  viewerFollows: ({ id }, _args, { loaders }) => loaders.isFollowed.load(id),
  viewerCanEdit: ({ role }) => mayEditItems(role),
};
