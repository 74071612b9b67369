import { keysetSql, orderBySql, type SortOrder } from '@medley/connection';
import { itemsLookedAt, type ListQuery, type Slice, type SortKey } from '../domain/lists.ts';
import type { PrismaClient } from '../generated/prisma/client.ts';
import { type Bind, type ListSql, lists } from './prisma-catalog-lists.ts';

/** Reads one page of the list of each parent, in one statement, whatever the number of parents. */
export async function findPages(
  prisma: PrismaClient,
  query: ListQuery,
  parentIds: readonly (string | null)[],
): Promise<Slice[]> {
  const parameters: unknown[] = [parentIds];
  const sql = pageSql(lists[query.list], query, (value) => `$${parameters.push(value)}`);
  const pages = await prisma.$queryRawUnsafe<PageRow[]>(sql, ...parameters);
  return pages.map(({ rows, looked_until, at_after, at_before }) => ({
    rows: rows ?? [],
    hasRowsAtAfter: at_after,
    hasRowsAtBefore: at_before,
    lookedUntil: looked_until,
  }));
}

interface PageRow {
  rows: SortKey[] | null;
  looked_until: SortKey | null;
  at_after: boolean;
  at_before: boolean;
}

function pageSql(list: ListSql, query: ListQuery, bind: Bind): string {
  const { page } = query;
  const { from, order } = list;
  const members = [
    ...(list.parent ? [`${list.parent} = parent.id`] : []),
    ...(list.where ? [list.where(query, bind)] : []),
  ];
  const within = (...conditions: (string | null | undefined)[]) => where([...members, ...conditions]);
  const range = [
    page.after && keysetSql(order, page.after, 'after', bind),
    page.before && keysetSql(order, page.before, 'before', bind),
  ];
  const readingOrder = orderBySql(order, page.direction);
  const limit = page.limit + 1;
  const playable = query.audience && list.playable?.(query.audience, bind);

  const items = (count: number) =>
    `SELECT ${columns(order)} FROM ${from}${within(...range)} ORDER BY ${readingOrder} LIMIT ${count}`;
  const found = playable
    ? `SELECT * FROM (${items(itemsLookedAt(page.limit))}) AS candidate
       WHERE ${playable} ORDER BY ${orderBySql(named(order), page.direction)} LIMIT ${limit}`
    : items(limit);
  // Asked only where the page is short: then everything within sight was looked at.
  const lookedUntil = playable
    ? `(SELECT ${key(order)} FROM ${from}${within(...range, `found.count < ${limit}`)}
        ORDER BY ${readingOrder} LIMIT 1 OFFSET ${itemsLookedAt(page.limit) - 1})`
    : 'null::json';
  const standsAt = (position: SortKey | null, side: 'after' | 'before') =>
    position
      ? `EXISTS (SELECT FROM ${from}${within(keysetSql(order, position, side, bind, { inclusive: true }))})`
      : 'false';

  return `
    SELECT found.rows, ${lookedUntil} AS looked_until,
      ${standsAt(page.after, 'before')} AS at_after, ${standsAt(page.before, 'after')} AS at_before
    FROM unnest($1::uuid[]) WITH ORDINALITY AS parent(id, place)
    CROSS JOIN LATERAL (
      SELECT count(*) AS count, json_agg(${key(named(order))}) AS rows FROM (${found}) AS candidate
    ) AS found
    ORDER BY parent.place`;
}

/** The columns of the sort key, under names of their own; the last is the item's id. */
const columns = (order: SortOrder) =>
  order.map(({ sql }, index) => `${sql} AS ${nameOf(order, index)}`).join(', ');

const named = (order: SortOrder): SortOrder =>
  order.map((column, index) => ({ ...column, sql: `candidate.${nameOf(order, index)}` }));

const nameOf = (order: SortOrder, index: number) => (index === order.length - 1 ? 'id' : `k${index}`);

const key = (order: SortOrder) => `json_build_array(${order.map(({ sql }) => sql).join(', ')})`;

function where(conditions: readonly (string | null | undefined)[]): string {
  const given = conditions.filter(Boolean);
  return given.length > 0 ? ` WHERE ${given.join(' AND ')}` : '';
}
