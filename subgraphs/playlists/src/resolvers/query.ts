import { badUserInput } from '@medley/errors';
import { encodeId } from '@medley/ids';
import { idArgument, requireService } from '@medley/subgraph';
import type { PublicPlaylist } from '../domain/playlist-feed.ts';
import type { QueryResolvers } from '../generated/graphql.ts';

export const Query: QueryResolvers = {
  playlist: (_, { id }, { loaders }) => loaders.playlist.load(idArgument('id', id, 'playlist')),

  async playlistChangesSince(_, { id, first }, { request, feed }) {
    requireService(request);
    const changes = await feed.changesSince(positionArgument(id), limitArgument(first));
    return changes.map(({ position, playlistId, time }) => ({
      id: position,
      key: encodeId('playlist', playlistId),
      time,
    }));
  },
  async playlistLastChange(_, _args, { request, feed }) {
    requireService(request);
    return feed.lastPosition();
  },
  async publicPlaylists(_, { ids }, { request, feed }) {
    requireService(request);
    if (ids.length > most) throw badUserInput(`ids must be at most ${most}, got ${ids.length}`);
    const uuids = ids.map((id) => idArgument('ids', id, 'playlist'));
    const found = new Map((await feed.findPublic(uuids)).map((row) => [row.id, toPublicPlaylist(row)]));
    return uuids.map((uuid) => found.get(uuid) ?? null);
  },
  async publicPlaylistsAfter(_, { id, first }, { request, feed }) {
    requireService(request);
    const after = typeof id === 'string' ? idArgument('id', id, 'playlist') : null;
    return (await feed.findPublicAfter(after, limitArgument(first))).map(toPublicPlaylist);
  },
  async playlistOperationsSince(_, { id, first }, { request, feed }) {
    requireService(request);
    const operations = await feed.operationsSince(positionArgument(id), limitArgument(first));
    return operations.map(({ position, operation }) => ({
      id: position,
      operation: JSON.stringify(operation),
    }));
  },
};

const most = 1_000;

const toPublicPlaylist = ({ id, ...shown }: PublicPlaylist) => ({ id: encodeId('playlist', id), ...shown });

function limitArgument(first: number): number {
  if (first < 1 || first > most) throw badUserInput(`first must be 1..${most}, got ${first}`);
  return first;
}

/** A position is opaque here, but what has not its form would be refused as a bug. */
function positionArgument(id: string): string {
  if (!/^(\d{1,18}-)?\d{1,18}$/.test(id))
    throw badUserInput(`id must be the id of a change or 0, got ${JSON.stringify(id.slice(0, 60))}`);
  return id;
}
