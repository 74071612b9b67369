import { mergeOperation } from '../domain/merge-operation.ts';
import { itemIdsOf, type Operation } from '../domain/operation.ts';
import type { Playlist, PlaylistItem } from '../domain/playlist.ts';
import { OperationIdTakenError, type PlaylistRepository } from '../domain/playlist-repository.ts';
import {
  appendOperation,
  beginPlaylist,
  forgetPlaylist,
  type LockedRow,
  lockPlaylist,
  readItemStates,
  readOperationById,
  writeState,
} from './playlist-rows.ts';
import { inTransaction, type PrismaClient, type Transaction } from './prisma-client.ts';
import { findItemPages } from './prisma-item-pages.ts';
import { findGap, findItemIds, findSeenItemIds } from './prisma-places.ts';

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

    findItemPages: (page, playlistIds) => findItemPages(client, page, playlistIds),

    findItems: (playlistId, itemIds) => client.$queryRaw<PlaylistItem[]>`
      SELECT id, track_id AS "trackId", added_at AS "addedAt", added_by AS "addedBy", position
      FROM playlists.playlist_items
      WHERE playlist_id = ${playlistId}::uuid AND id = ANY(${itemIds}::uuid[])
        AND removed_at IS NULL AND track_id IS NOT NULL`,

    async findCollaborators(playlistIds) {
      const rows = await client.$queryRaw<{ id: string; ids: string[] }[]>`
        SELECT playlist_id AS id, array_agg(user_id ORDER BY since, user_id) AS ids FROM playlists.collaborators
        WHERE playlist_id = ANY(${playlistIds}::uuid[]) AND active GROUP BY playlist_id`;
      return new Map(rows.map(({ id, ids }) => [id, ids]));
    },

    async findCoverAlbums(playlistIds) {
      const rows = await client.$queryRaw<{ id: string; ids: string[] | null }[]>`
        SELECT parent.id, cover.ids FROM unnest(${playlistIds}::uuid[]) AS parent(id)
        CROSS JOIN LATERAL (SELECT array_agg(album_id ORDER BY place) AS ids FROM (
          SELECT album_id, min(place) AS place FROM (
            SELECT album_id, row_number() OVER (ORDER BY position, id) AS place FROM playlists.playlist_items
            WHERE playlist_id = parent.id AND removed_at IS NULL AND track_id IS NOT NULL
            ORDER BY position, id LIMIT 50) AS item
          WHERE album_id IS NOT NULL GROUP BY album_id ORDER BY min(place) LIMIT 4) AS album) AS cover`;
      return new Map(rows.map(({ id, ids }) => [id, ids ?? []]));
    },

    change: (playlistId, { begins }, work) =>
      inTransaction(client, async (tx) => {
        const isNew = begins && (await beginPlaylist(tx, playlistId));
        const locked = await lockPlaylist(tx, playlistId);
        const { operation, result } = await work(
          locked && {
            ...locked,
            findOperation: (id) => readOperationById(tx, id),
            findGap: (place, ignoring) => findGap(tx, playlistId, place, ignoring),
            findSeenItemIds: (seen) => findSeenItemIds(tx, playlistId, seen),
            findItemIds: () => findItemIds(tx, playlistId),
          },
        );
        if (operation && locked) {
          if (!(await mergeInto(tx, locked, operation))) throw new OperationIdTakenError(operation.id);
        } else if (isNew) {
          await forgetPlaylist(tx, playlistId);
        }
        return result;
      }),

    async merge(operations) {
      for (const operation of await withoutKnown(client, operations)) {
        await inTransaction(client, async (tx) => {
          const { playlistId, replica, revision } = operation;
          const isNew = await beginPlaylist(tx, playlistId);
          const locked = (await lockPlaylist(tx, playlistId)) as LockedRow;
          // What is forgotten here was merged, and must not bring back what was removed since.
          const isForgotten = revision <= (locked.compacted[replica] ?? 0);
          if (isForgotten || !(await mergeInto(tx, locked, operation))) {
            if (isNew) await forgetPlaylist(tx, playlistId);
          }
        });
      }
    },

    async ping() {
      await client.$queryRaw`SELECT 1`;
    },
  };
}

/** Those operations that are not in the record. */
async function withoutKnown(client: PrismaClient, operations: readonly Operation[]): Promise<Operation[]> {
  if (operations.length === 0) return [];
  const rows = await client.$queryRaw<{ id: string; replica: string }[]>`
    SELECT id, replica FROM playlists.operations WHERE id = ANY(${operations.map(({ id }) => id)}::uuid[])`;
  const known = new Set(rows.map(({ id, replica }) => `${id} ${replica}`));
  return operations.filter(({ id, replica }) => !known.has(`${id} ${replica}`));
}

/** @returns false when it was merged before */
async function mergeInto(tx: Transaction, locked: LockedRow, operation: Operation): Promise<boolean> {
  if (!(await appendOperation(tx, operation))) return false;
  const items = await readItemStates(tx, operation.playlistId, itemIdsOf(operation.change));
  const before = { ...locked, state: { ...locked.state, items } };
  await writeState(tx, before, mergeOperation(before.state, operation));
  return true;
}
