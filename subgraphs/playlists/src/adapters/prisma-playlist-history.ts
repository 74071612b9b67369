import type { PlaylistHistory, SharedPlaylist } from '../domain/playlist-history.ts';
import { type OperationRow, toOperation } from './playlist-rows.ts';
import type { PrismaClient } from './prisma-client.ts';

/** The record of operations, playlist by playlist, beside what it amounts to. */
export function createPrismaPlaylistHistory(client: PrismaClient): PlaylistHistory {
  return {
    findShared: (ids) => client.$queryRaw<SharedPlaylist[]>`
      SELECT p.id, p.owner_id AS "ownerId", p.name, p.description, p.privacy::text, p.created_at AS "createdAt",
        p.updated_at AS "updatedAt", p.revisions, p.item_count AS "itemCount", p.follower_count AS "followerCount",
        ARRAY(SELECT c.user_id FROM playlists.collaborators c WHERE c.playlist_id = p.id AND c.active)
          AS "collaboratorIds"
      FROM playlists.playlists p
      WHERE p.id = ANY(${ids}::uuid[]) AND p.created_at IS NOT NULL AND p.deleted_at IS NULL`,

    async findOperations({ playlistId, since, until }) {
      const replicas = Object.keys(until);
      const [from, to] = [since, until].map((revisions) =>
        replicas.map((replica) => revisions[replica] ?? 0),
      );
      // Of one playlist `seq` is the order of merging, as who appends holds its row. The limit has the planner go by the index of
      // revisions, however long the record is.
      const rows = await client.$queryRaw<(OperationRow & { repeats: boolean })[]>`
        SELECT o.*, EXISTS (
          SELECT FROM playlists.operations other
          WHERE other.id = o.id AND other.replica <> o.replica AND other.digest = o.digest AND (other.seq < o.seq
            OR other.revision <= COALESCE((${JSON.stringify(since)}::jsonb ->> other.replica)::int, 0))) AS repeats
        FROM unnest(${replicas}::text[], ${from}::int[], ${to}::int[]) AS told(replica, since, until)
        CROSS JOIN LATERAL (
          SELECT seq, id, playlist_id, actor_id, replica, revision, clock, digest, data, accepted_at
          FROM playlists.operations
          WHERE playlist_id = ${playlistId}::uuid AND replica = told.replica
            AND revision > told.since AND revision <= told.until
          ORDER BY revision LIMIT told.until - told.since) AS o
        WHERE told.until > told.since
        ORDER BY o.seq`;
      return rows.map(({ repeats, ...row }) => ({ operation: toOperation(row), repeats }));
    },
  };
}
