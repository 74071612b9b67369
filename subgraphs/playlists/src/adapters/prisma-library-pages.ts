import { keysetSql, orderBySql, type SortOrder } from '@medley/connection';
import type { LibraryEntry, LibraryList, LibraryPage, LibrarySlice } from '../domain/library.ts';
import type { PrismaClient } from './prisma-client.ts';

/** A part of a list: rows of a table under the name `item`, read along an index that begins with the account. */
interface Part {
  readonly from: string;
  readonly account: string;
  readonly at: string;
  readonly id: string;
  readonly where: string;
}

const saved = (kind: string): Part => ({
  from: 'playlists.saved item',
  account: 'item.user_id',
  at: 'item.saved_at',
  id: 'item.item_id',
  where: `item.kind = '${kind}'`,
});

const own = (where: string): Part => ({
  from: 'playlists.playlists item',
  account: 'item.owner_id',
  at: 'item.created_at',
  id: 'item.id',
  where: `item.deleted_at IS NULL AND item.created_at IS NOT NULL${where}`,
});

const shared: Part = {
  from: 'playlists.collaborators item JOIN playlists.playlists p ON p.id = item.playlist_id',
  account: 'item.user_id',
  at: 'item.since',
  id: 'item.playlist_id',
  where: 'item.active AND p.deleted_at IS NULL AND p.created_at IS NOT NULL AND p.owner_id <> item.user_id',
};

// What one also made or edits stands in the list by that.
const followed: Part = {
  from: 'playlists.follows item JOIN playlists.playlists p ON p.id = item.playlist_id',
  account: 'item.user_id',
  at: 'item.followed_at',
  id: 'item.playlist_id',
  where: `p.deleted_at IS NULL AND p.created_at IS NOT NULL AND p.privacy <> 'PRIVATE' AND p.owner_id <> item.user_id
    AND NOT EXISTS (SELECT FROM playlists.collaborators c
      WHERE c.playlist_id = item.playlist_id AND c.user_id = item.user_id AND c.active)`,
};

const lists: Readonly<Record<LibraryList, readonly Part[]>> = {
  TRACK: [saved('TRACK')],
  ALBUM: [saved('ALBUM')],
  ARTIST: [saved('ARTIST')],
  PLAYLISTS: [own(''), shared, followed],
  PUBLIC_PLAYLISTS: [own(` AND item.privacy = 'PUBLIC'`)],
  OWN_PLAYLISTS: [own('')],
};

/** Reads a page of the same list of each account, in one statement; each part of it is a range of an index. */
export async function findLibraryPages(
  client: PrismaClient,
  list: LibraryList,
  page: LibraryPage,
  userIds: readonly string[],
): Promise<LibrarySlice[]> {
  const parameters: unknown[] = [userIds];
  const sql = pageSql(lists[list], page, (value) => `$${parameters.push(value)}`);
  const rows = await client.$queryRawUnsafe<PageRow[]>(sql, ...parameters);
  return rows.map(({ entries, at_after, at_before }) => ({
    rows: (entries ?? []).map(([at, id]) => ({ at: new Date(at), id })),
    hasRowsAtAfter: at_after,
    hasRowsAtBefore: at_before,
  }));
}

interface PageRow {
  entries: [at: string, id: string][] | null;
  at_after: boolean;
  at_before: boolean;
}

function pageSql(parts: readonly Part[], page: LibraryPage, bind: (value: unknown) => string): string {
  const limit = page.limit + 1;
  const within = (part: Part, ...conditions: (string | false | null)[]) =>
    `SELECT ${part.at} AS at, ${part.id} AS id FROM ${part.from}
     WHERE ${[`${part.account} = account.id`, part.where, ...conditions].filter(Boolean).join(' AND ')}`;
  const found = parts.map((part) => {
    const range = [
      page.after && keysetSql(orderOf(part), sortKey(page.after), 'after', bind),
      page.before && keysetSql(orderOf(part), sortKey(page.before), 'before', bind),
    ];
    return `(${within(part, ...range)} ORDER BY ${orderBySql(orderOf(part), page.direction)} LIMIT ${limit})`;
  });
  const standsAt = (entry: LibraryEntry | null, side: 'after' | 'before') =>
    entry
      ? parts
          .map((part) => {
            const key = keysetSql(orderOf(part), sortKey(entry), side, bind, { inclusive: true });
            return `EXISTS (${within(part, key)})`;
          })
          .join(' OR ')
      : 'false';
  const readingOrder = orderBySql(orderOf({ at: 'entry.at', id: 'entry.id' }), page.direction);
  return `
    SELECT page.entries, ${standsAt(page.after, 'before')} AS at_after, ${standsAt(page.before, 'after')} AS at_before
    FROM unnest($1::uuid[]) WITH ORDINALITY AS account(id, place)
    CROSS JOIN LATERAL (
      SELECT json_agg(json_build_array(entry.at, entry.id) ORDER BY ${readingOrder}) AS entries
      FROM (SELECT * FROM (${found.join(' UNION ALL ')}) AS entry ORDER BY ${readingOrder} LIMIT ${limit}) AS entry
    ) AS page
    ORDER BY account.place`;
}

const orderOf = ({ at, id }: Pick<Part, 'at' | 'id'>): SortOrder => [
  { sql: at, type: 'timestamptz', descending: true },
  { sql: id, type: 'uuid', descending: true },
];

const sortKey = ({ at, id }: LibraryEntry) => [at.toISOString(), id];
