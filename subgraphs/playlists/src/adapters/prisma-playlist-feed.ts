import { createFeed } from '@medley/outbox';
import type { PlaylistFeed, PublicPlaylist } from '../domain/playlist-feed.ts';
import { type OperationRow, toOperation } from './playlist-rows.ts';
import type { PrismaClient } from './prisma-client.ts';

/** The record of operations, as others follow it, and what they then read. */
export function createPrismaPlaylistFeed(client: PrismaClient): PlaylistFeed {
  const table = { table: 'playlists.operations', sequence: 'seq' };
  const changes = createFeed<{ playlistId: string; time: Date }>(client, {
    ...table,
    columns: 'playlist_id AS "playlistId", created_at AS time',
  });
  const operations = createFeed<OperationRow>(client, {
    ...table,
    columns: 'id, playlist_id, actor_id, replica, revision, clock, digest, data, accepted_at',
  });
  return {
    changesSince: changes.readSince,
    lastPosition: changes.lastPosition,

    async operationsSince(after, limit) {
      const rows = await operations.readSince(after, limit);
      return rows.map((row) => ({ position: row.position, operation: toOperation(row) }));
    },

    findPublic: (ids) => client.$queryRaw<PublicPlaylist[]>`
      SELECT id, name, description, follower_count AS "followerCount" FROM playlists.playlists
      WHERE id = ANY(${ids}::uuid[]) AND privacy = 'PUBLIC' AND created_at IS NOT NULL AND deleted_at IS NULL`,

    findPublicAfter: (id, limit) => client.$queryRaw<PublicPlaylist[]>`
      SELECT id, name, description, follower_count AS "followerCount" FROM playlists.playlists
      WHERE privacy = 'PUBLIC' AND created_at IS NOT NULL AND deleted_at IS NULL
        AND id > ${id ?? beforeAll}::uuid
      ORDER BY id LIMIT ${limit}`,
  };
}

// No playlist has this id: RFC 9562, 5.9.
const beforeAll = '00000000-0000-0000-0000-000000000000';
