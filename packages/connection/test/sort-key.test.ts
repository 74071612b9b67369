import { PGlite } from '@electric-sql/pglite';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { keysetSql, orderBySql, type SortKey, type SortOrder, type SortValue } from '../src/index.ts';
import { readPage } from './memory-list.ts';

const rows: SortKey[] = [null, 1, 2].flatMap((a, i) =>
  ['x', 'y', null].flatMap((b, j) => [0, 1].map((c) => [a, b, 100 * i + 10 * j + c])),
);
const column = (sql: string, type: string, descending: boolean, nullable: boolean) => ({
  sql,
  type,
  descending,
  nullable,
});
const orders: Record<string, SortOrder> = {
  'mixed directions with nulls': [
    column('a', 'int', true, true),
    column('b', 'text', false, true),
    column('id', 'int', true, false),
  ],
  'nulls, all ascending': [
    column('a', 'int', false, true),
    column('b', 'text', false, true),
    column('id', 'int', false, false),
  ],
  'one direction, no nulls': [column('coalesce(a, 0)', 'int', true, false), column('id', 'int', true, false)],
};

describe('a page in SQL', () => {
  let database: PGlite;
  beforeAll(async () => {
    database = await PGlite.create();
    await database.exec('CREATE TABLE list (a int, b text COLLATE "C", id int PRIMARY KEY)');
    for (const row of rows) await database.query('INSERT INTO list VALUES ($1, $2, $3)', [...row]);
  });
  afterAll(() => database.close());

  it.each(Object.entries(orders))('is the same as in memory: %s', async (name, order) => {
    const keys = name.startsWith('one') ? rows.map(([a, , id]) => [a ?? 0, id] as SortKey) : rows;
    for (const key of keys) {
      for (const [direction, side] of [['forward', 'after'] as const, ['backward', 'before'] as const]) {
        const parameters: SortValue[] = [];
        const bind = (value: SortValue) => `$${parameters.push(value)}`;
        const condition = keysetSql(order, key, side, bind);
        const answer = await database.query<{ id: number }>(
          `SELECT id FROM list WHERE ${condition} ORDER BY ${orderBySql(order, direction)} LIMIT 5`,
          parameters,
        );
        const page = { limit: 4, direction, after: null, before: null, [side]: key };
        const expected = readPage(order, keys, page).rows.map((row) => row.at(-1));
        expect(answer.rows.map(({ id }) => id)).toEqual(expected);
      }
    }
  });

  it('includes the row of the key where told to', async () => {
    for (const order of Object.values(orders)) {
      const key = order.length === 3 ? [1, null, 120] : [1, 120];
      const parameters: SortValue[] = [];
      const bind = (value: SortValue) => `$${parameters.push(value)}`;
      const condition = keysetSql(order, key, 'after', bind, { inclusive: true });
      const answer = await database.query<{ id: number }>(
        `SELECT id FROM list WHERE ${condition} ORDER BY ${orderBySql(order)} LIMIT 1`,
        parameters,
      );
      expect(answer.rows).toEqual([{ id: 120 }]);
    }
  });
});
