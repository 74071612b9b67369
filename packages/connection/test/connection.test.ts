import { parseSigningKeys } from '@medley/signing-keys';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  compareSortKeys,
  createCursors,
  readPageArguments,
  type SortKey,
  type SortOrder,
  toConnection,
} from '../src/index.ts';
import { readPage } from './memory-list.ts';

const keys = parseSigningKeys(`k1:${Buffer.alloc(32, 7).toString('base64url')}`);
const binding = { cursors: createCursors(keys), field: 'Shelf.books', arguments: { parent: 'shelf_1' } };
const order: SortOrder = [
  { sql: 'year', type: 'int', descending: true, nullable: true },
  { sql: 'title', type: 'text' },
  { sql: 'id', type: 'int' },
];

const describeRow = { key: (row: SortKey) => row, node: (row: SortKey) => row };
function page(list: readonly SortKey[], given: Parameters<typeof readPageArguments>[0]) {
  const request = readPageArguments(given, binding);
  return toConnection(readPage(order, list, request), request, binding, describeRow);
}

/** Reads all pages; between two of them the list may change. */
function walk(list: SortKey[], limit: number, direction: 'forward' | 'backward', change: () => void) {
  const seen: SortKey[] = [];
  for (let cursor: string | null = null; ; change()) {
    const { nodes, pageInfo }: ReturnType<typeof page> =
      direction === 'forward'
        ? page(list, { first: limit, after: cursor })
        : page(list, { last: limit, before: cursor });
    if (direction === 'forward') seen.push(...nodes);
    else seen.unshift(...nodes);
    if (!(direction === 'forward' ? pageInfo.hasNextPage : pageInfo.hasPreviousPage)) return seen;
    cursor = direction === 'forward' ? pageInfo.endCursor : pageInfo.startCursor;
  }
}

// Few values, so that most sort keys are equal but for the id.
const sortKeys = fc
  .array(
    fc.tuple(
      fc.option(fc.integer({ min: 2000, max: 2002 })),
      fc.constantFrom('a', 'b'),
      fc.integer({ min: 0, max: 10_000 }),
    ),
    { maxLength: 40 },
  )
  .map((rows) => [...new Map(rows.map((row) => [row[2], row as SortKey])).values()]);
const direction = fc.constantFrom('forward' as const, 'backward' as const);

describe('a connection', () => {
  it('gives every row once and in order, page by page, forward and backward', () => {
    fc.assert(
      fc.property(sortKeys, fc.integer({ min: 1, max: 7 }), direction, (list, limit, way) => {
        const sorted = [...list].sort((a, b) => compareSortKeys(order, a, b));
        expect(walk(list, limit, way, () => {})).toEqual(sorted);
      }),
    );
  });

  it('gives no row twice, and none that stays is missed, while others come and go', () => {
    fc.assert(
      fc.property(
        sortKeys,
        sortKeys,
        fc.integer({ min: 1, max: 7 }),
        direction,
        fc.infiniteStream(fc.nat()),
        (start, arrivals, limit, way, random) => {
          const list = [...start];
          const waiting = arrivals.map(
            (key) => [...key.slice(0, -1), Number(key.at(-1)) + 20_000] as SortKey,
          );
          const gone = new Set<SortKey>();
          const seen = walk(list, limit, way, () => {
            const arrival = waiting.pop();
            if (arrival) list.push(arrival);
            const [leaving] = list.splice((random.next().value as number) % list.length, 1);
            if (leaving) gone.add(leaving);
          });
          expect(seen).toEqual([...seen].sort((a, b) => compareSortKeys(order, a, b)));
          expect(new Set(seen).size).toBe(seen.length);
          expect(start.filter((key) => !gone.has(key) && !seen.includes(key))).toEqual([]);
        },
      ),
    );
  });

  const list: SortKey[] = [2003, 2002, 2001, 2000, null].map((year, id) => [year, 'a', id]);

  it('knows whether there is more on either side', () => {
    const start = page(list, { first: 2 });
    expect(start.pageInfo).toMatchObject({ hasNextPage: true, hasPreviousPage: false });
    const middle = page(list, { first: 2, after: start.pageInfo.endCursor });
    expect(middle.pageInfo).toMatchObject({ hasNextPage: true, hasPreviousPage: true });
    const end = page(list, { first: 2, after: middle.pageInfo.endCursor });
    expect(end.nodes).toEqual([[null, 'a', 4]]);
    expect(end.pageInfo).toMatchObject({ hasNextPage: false, hasPreviousPage: true });
    const back = page(list, { last: 2, before: end.pageInfo.startCursor });
    expect(back.nodes).toEqual(middle.nodes);
    expect(back.pageInfo).toMatchObject({ hasNextPage: true, hasPreviousPage: true });
  });

  it('says that nothing is before a page when what was there is gone', () => {
    const { pageInfo } = page(list, { first: 1 });
    const rest = page(list.slice(1), { first: 9, after: pageInfo.endCursor });
    expect(rest.nodes).toHaveLength(4);
    expect(rest.pageInfo).toMatchObject({ hasNextPage: false, hasPreviousPage: false });
  });

  it('ends a page between two cursors, and says that more stands behind the second', () => {
    const [from, , , to] = page(list, { first: 4 }).edges;
    const between = page(list, { first: 9, after: from?.cursor, before: to?.cursor });
    expect(between.nodes.map((key) => key[0])).toEqual([2002, 2001]);
    expect(between.pageInfo).toMatchObject({ hasNextPage: true, hasPreviousPage: true });
  });

  it('goes on where a list gave up looking, even from an empty page', () => {
    const request = readPageArguments({ first: 2 }, binding);
    const slice = { rows: [], hasRowsAtAfter: false, hasRowsAtBefore: false, lookedUntil: list[2] };
    const { pageInfo, edges } = toConnection(slice, request, binding, describeRow);
    expect(edges).toEqual([]);
    expect(pageInfo.hasNextPage).toBe(true);
    expect(page(list, { first: 2, after: pageInfo.endCursor }).nodes).toEqual(list.slice(3));
  });

  it('has null cursors when it is empty', () => {
    expect(page([], { last: 3 }).pageInfo).toEqual({
      hasNextPage: false,
      hasPreviousPage: false,
      startCursor: null,
      endCursor: null,
    });
  });
});
