import type { Playlist } from '../domain/playlist.ts';
import type { PlaylistRepository } from '../domain/playlist-repository.ts';
import type { PrismaClient } from './prisma-client.ts';

/** Playlists in PostgreSQL, or in what speaks like it. */
export function createPrismaPlaylistRepository(client: PrismaClient): PlaylistRepository {
  return {
    findByIds: (ids, viewerId) => client.$queryRaw<Playlist[]>`
      SELECT p.id, p.owner_id AS "ownerId", p.name, p.description, p.privacy::text, p.created_at AS "createdAt",
        p.updated_at AS "updatedAt", p.revisions, p.item_count AS "itemCount", p.follower_count AS "followerCount",
        CASE WHEN p.owner_id = ${viewerId}::uuid THEN 'OWNER'
          WHEN EXISTS (SELECT FROM playlists.collaborators c
            WHERE c.playlist_id = p.id AND c.user_id = ${viewerId}::uuid AND c.active) THEN 'COLLABORATOR'
          ELSE 'STRANGER' END AS role
      FROM playlists.playlists p
      WHERE p.id = ANY(${ids}::uuid[]) AND p.created_at IS NOT NULL AND p.deleted_at IS NULL`,

    async ping() {
      await client.$queryRaw`SELECT 1`;
    },
  };
}
