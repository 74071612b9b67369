import { newUuid } from '@medley/ids';
import type { FoundPlaylist, PlaylistWriter } from '../domain/playlist-writer.ts';
import { createPlaylistWriter, type WritingDependencies } from '../domain/write-playlist.ts';
import type { PrismaClient } from './prisma-client.ts';
import { createPrismaPlaylistRepository } from './prisma-playlist-repository.ts';

/** Writes playlists of sources into PostgreSQL, or into what speaks like it. */
export const createPrismaPlaylistWriter = (
  client: PrismaClient,
  { replica, clock }: Pick<WritingDependencies, 'replica' | 'clock'>,
): PlaylistWriter =>
  createPlaylistWriter({
    playlists: createPrismaPlaylistRepository(client),
    find: (id) => findPlaylist(client, id),
    replica,
    clock,
    newId: newUuid,
  });

async function findPlaylist(client: PrismaClient, id: string): Promise<FoundPlaylist | null> {
  const [row] = await client.$queryRaw<PlaylistRow[]>`
    SELECT p.id, p.owner_id AS "ownerId", p.name, p.description, p.deleted_at IS NOT NULL AS "isDeleted", p.revisions,
      ARRAY(SELECT user_id FROM playlists.collaborators WHERE playlist_id = p.id) AS "collaboratorIds",
      items.there, items.gone
    FROM playlists.playlists p, LATERAL (
      SELECT array_agg(id) FILTER (WHERE removed_at IS NULL AND track_id IS NOT NULL) AS there,
        array_agg(id) FILTER (WHERE removed_at IS NOT NULL OR track_id IS NULL) AS gone
      FROM playlists.playlist_items WHERE playlist_id = p.id AND added_by IS NULL
    ) AS items
    WHERE p.id = ${id}::uuid`;
  if (!row) return null;
  const { there, gone, ...playlist } = row;
  return {
    ...playlist,
    items: [
      ...(there ?? []).map((itemId) => ({ id: itemId, isThere: true })),
      ...(gone ?? []).map((itemId) => ({ id: itemId, isThere: false })),
    ],
  };
}

type PlaylistRow = Omit<FoundPlaylist, 'items'> & { there: string[] | null; gone: string[] | null };
