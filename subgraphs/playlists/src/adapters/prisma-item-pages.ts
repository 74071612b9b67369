import { keysetSql, orderBySql, type SortKey, type SortOrder } from '@medley/connection';
import type { PlaylistItem } from '../domain/playlist.ts';
import type { ItemPage, ItemSlice } from '../domain/playlist-repository.ts';
import type { PrismaClient } from './prisma-client.ts';

/** Reads the same page of the items of each playlist, in one statement, each from a piece of one index. */
export async function findItemPages(
  client: PrismaClient,
  page: ItemPage,
  playlistIds: readonly string[],
): Promise<ItemSlice[]> {
  const parameters: unknown[] = [playlistIds];
  const bind = (value: unknown) => `$${parameters.push(value)}`;
  const range = [
    page.after && keysetSql(order, page.after, 'after', bind),
    page.before && keysetSql(order, page.before, 'before', bind),
  ].filter(Boolean);
  const standsAt = (key: SortKey | null, side: 'after' | 'before') =>
    key ? `EXISTS (SELECT ${from} AND ${keysetSql(order, key, side, bind, { inclusive: true })})` : 'false';
  const sql = `
    SELECT found.items, ${standsAt(page.after, 'before')} AS at_after, ${standsAt(page.before, 'after')} AS at_before
    FROM unnest($1::uuid[]) WITH ORDINALITY AS parent(id, place)
    CROSS JOIN LATERAL (
      SELECT json_agg(json_build_array(id, track_id, added_at, added_by, position)) AS items FROM (
        SELECT i.* ${from}${range.map((condition) => ` AND ${condition}`).join('')}
        ORDER BY ${orderBySql(order, page.direction)} LIMIT ${page.limit + 1}) AS item
    ) AS found
    ORDER BY parent.place`;
  const rows = await client.$queryRawUnsafe<PageRow[]>(sql, ...parameters);
  return rows.map(({ items, at_after, at_before }) => ({
    rows: (items ?? []).map(toItem),
    hasRowsAtAfter: at_after,
    hasRowsAtBefore: at_before,
  }));
}

const order: SortOrder = [
  { sql: 'i.position', type: 'text' },
  { sql: 'i.id', type: 'uuid' },
];
const from = `FROM playlists.playlist_items i
  WHERE i.playlist_id = parent.id AND i.removed_at IS NULL AND i.track_id IS NOT NULL`;

interface PageRow {
  items: PackedItem[] | null;
  at_after: boolean;
  at_before: boolean;
}
type PackedItem = [id: string, trackId: string, addedAt: string, addedBy: string | null, position: string];

const toItem = ([id, trackId, addedAt, addedBy, position]: PackedItem): PlaylistItem => ({
  id,
  trackId,
  addedAt: new Date(addedAt),
  addedBy,
  position,
});
