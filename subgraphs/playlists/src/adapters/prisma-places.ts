import type { Place } from '../domain/playlist-repository.ts';
import type { Gap } from '../domain/position.ts';
import type { Revisions } from '../domain/snapshot.ts';
import type { Transaction } from './prisma-client.ts';

/** The gap at a place: between an item and its neighbour among those that are there. */
export async function findGap(
  tx: Transaction,
  playlistId: string,
  place: Place,
  ignoring: readonly string[],
): Promise<Gap> {
  const next = (after: string) => firstPosition(tx, playlistId, after, ignoring);
  const previous = (before: string) => lastPosition(tx, playlistId, before, ignoring);
  const end = async () => ({ after: await previous(afterAll), before: null });
  if ('at' in place) return place.at === 'START' ? { after: null, before: await next('') } : end();
  const isAfter = 'afterItemId' in place;
  const anchor = await positionOf(tx, playlistId, isAfter ? place.afterItemId : place.beforeItemId);
  if (anchor === null) return end();
  return isAfter
    ? { after: anchor, before: await next(anchor) }
    : { after: await previous(anchor), before: anchor };
}

/** Which items are there that had been added by then. */
export async function findSeenItemIds(
  tx: Transaction,
  playlistId: string,
  seen: Revisions,
): Promise<string[]> {
  const rows = await tx.$queryRaw<{ id: string }[]>`
    SELECT id FROM playlists.playlist_items
    WHERE playlist_id = ${playlistId}::uuid AND removed_at IS NULL AND track_id IS NOT NULL
      AND added_revision <= COALESCE((${JSON.stringify(seen)}::jsonb ->> added_replica)::integer, 0)`;
  return rows.map(({ id }) => id);
}

/** The items that are there, in their order. */
export async function findItemIds(tx: Transaction, playlistId: string): Promise<string[]> {
  const rows = await tx.$queryRaw<{ id: string }[]>`
    SELECT id FROM playlists.playlist_items
    WHERE playlist_id = ${playlistId}::uuid AND removed_at IS NULL AND track_id IS NOT NULL ORDER BY position, id`;
  return rows.map(({ id }) => id);
}

type Positions = { position: string }[];

// Positions consist of letters and digits, which stand before it.
const afterAll = '~';

/** Of an item, whether it is there or was removed. */
async function positionOf(tx: Transaction, playlistId: string, itemId: string): Promise<string | null> {
  const [row] = await tx.$queryRaw<{ position: string | null }[]>`
    SELECT position FROM playlists.playlist_items WHERE playlist_id = ${playlistId}::uuid AND id = ${itemId}::uuid`;
  return row?.position ?? null;
}

async function firstPosition(
  tx: Transaction,
  playlistId: string,
  after: string,
  ignoring: readonly string[],
): Promise<string | null> {
  const [row] = await tx.$queryRaw<Positions>`
    SELECT position FROM playlists.playlist_items
    WHERE playlist_id = ${playlistId}::uuid AND removed_at IS NULL AND track_id IS NOT NULL
      AND position > ${after} AND id <> ALL(${ignoring}::uuid[])
    ORDER BY position, id LIMIT 1`;
  return row?.position ?? null;
}

async function lastPosition(
  tx: Transaction,
  playlistId: string,
  before: string,
  ignoring: readonly string[],
): Promise<string | null> {
  const [row] = await tx.$queryRaw<Positions>`
    SELECT position FROM playlists.playlist_items
    WHERE playlist_id = ${playlistId}::uuid AND removed_at IS NULL AND track_id IS NOT NULL
      AND position < ${before} AND id <> ALL(${ignoring}::uuid[])
    ORDER BY position DESC, id DESC LIMIT 1`;
  return row?.position ?? null;
}
