import type { PlaylistHistory, SharedPlaylist } from '../domain/playlist-history.ts';
import { countBetween } from '../domain/snapshot.ts';
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
      const [told, merged] = [JSON.stringify(since), JSON.stringify(until)];
      // Of one playlist `seq` is the order of merging, as who appends holds its row. From the last one backwards, for as many as
      // there are to be found: those of a reader who is nearly up to date are the last ones, however long the record is.
      const rows = await client.$queryRaw<(OperationRow & { repeats: boolean })[]>`
        SELECT id, playlist_id, actor_id, replica, revision, clock, digest, data, accepted_at, EXISTS (
          SELECT FROM playlists.operations other
          WHERE other.id = o.id AND other.replica <> o.replica AND other.digest = o.digest
            AND (other.seq < o.seq OR other.revision <= COALESCE((${told}::jsonb ->> other.replica)::int, 0))) AS repeats
        FROM playlists.operations o
        WHERE playlist_id = ${playlistId}::uuid
          AND revision > COALESCE((${told}::jsonb ->> replica)::int, 0)
          AND revision <= COALESCE((${merged}::jsonb ->> replica)::int, 0)
        ORDER BY seq DESC LIMIT ${countBetween(since, until)}`;
      return rows.map(({ repeats, ...row }) => ({ operation: toOperation(row), repeats })).reverse();
    },
  };
}
