import {
  capRows,
  createInteractionsBuilder,
  createKeyIndex,
  findFaultOfCount,
  rowOf,
  toUserRow,
  transpose,
} from '@medley/recommendations/models/index';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { matrixOf } from './planted.ts';

const plays = fc.array(fc.tuple(fc.nat(12), fc.nat(15), fc.integer({ min: 1, max: 9 })), { maxLength: 300 });

function build(rows: readonly (readonly [number, number, number])[]) {
  const builder = createInteractionsBuilder();
  for (const [user, item, count] of rows) builder.add(user, item, count);
  return builder.build();
}

describe('a matrix of plays', () => {
  it('has the sum of what was added for each pair, items in ascending order', () => {
    fc.assert(
      fc.property(plays, (rows) => {
        const sums = new Map<string, number>();
        for (const [user, item, count] of rows) {
          sums.set(`${user} ${item}`, (sums.get(`${user} ${item}`) ?? 0) + count);
        }
        const matrix = build(rows);
        const seen: string[] = [];
        for (let user = 0; user < matrix.userCount; user += 1) {
          const { items, counts } = rowOf(matrix, user);
          expect([...items]).toEqual([...new Set(items)].sort((a, b) => a - b));
          items.forEach((item, at) => {
            expect(counts[at]).toBe(sums.get(`${user} ${item}`));
            seen.push(`${user} ${item}`);
          });
        }
        expect(seen.sort()).toEqual([...sums.keys()].sort());
      }),
    );
  });

  it('is the same whatever the order of plays', () => {
    fc.assert(
      fc.property(plays, (rows) => {
        expect(build(rows.toReversed())).toEqual(build(rows));
      }),
    );
  });

  it('transposed twice is itself', () => {
    fc.assert(
      fc.property(plays, (rows) => {
        const matrix = build(rows);
        expect(transpose(transpose(matrix))).toEqual(matrix);
      }),
    );
  });

  it('grows with pairs and not with plays', () => {
    const builder = createInteractionsBuilder();
    for (let play = 0; play < 2_500_000; play += 1) builder.add(play % 10, play % 100, 1);
    expect(builder.heldCount).toBeLessThan(1_100_000);
    const matrix = builder.build();
    expect(matrix.items.length).toBe(100);
    expect(matrix.counts.every((count) => count === 25_000)).toBe(true);
  });

  it('has empty rows for users and items of whom nothing was added', () => {
    const builder = createInteractionsBuilder();
    builder.add(1, 2, 3);
    const matrix = builder.build({ userCount: 4, itemCount: 5 });
    expect([...matrix.starts]).toEqual([0, 0, 1, 1, 1]);
    expect(matrix.itemCount).toBe(5);
    expect(createInteractionsBuilder().build()).toMatchObject({ userCount: 0, itemCount: 0 });
  });

  it('refuses counts that are none, and says which', () => {
    const builder = createInteractionsBuilder();
    for (const count of [Number.NaN, -1, 0, Number.POSITIVE_INFINITY, 1e13]) {
      expect(findFaultOfCount(count)).toContain(String(count));
      expect(() => builder.add(0, 0, count)).toThrow(RangeError);
    }
    expect(() => builder.add(-1, 0, 1)).toThrow('user must be');
    expect(() => builder.add(0, 1.5, 1)).toThrow('item must be');
    expect(builder.build().items.length).toBe(0);
  });

  it('keeps the most played of a row that is too long, of equals those with smaller indices', () => {
    const matrix = matrixOf([
      [
        [0, 1],
        [1, 5],
        [2, 2],
        [3, 2],
        [4, 2],
      ],
      [[2, 1]],
    ]);
    const capped = capRows(matrix, 3);
    expect([...rowOf(capped, 0).items]).toEqual([1, 2, 3]);
    expect([...rowOf(capped, 0).counts]).toEqual([5, 2, 2]);
    expect([...rowOf(capped, 1).items]).toEqual([2]);
    expect(capRows(matrix, 5)).toBe(matrix);
  });
});

it('a row from entries is sorted, and has each item once', () => {
  const row = toUserRow([
    [7, 1],
    [2, 3],
    [7, 2],
  ]);
  expect([...row.items]).toEqual([2, 7]);
  expect([...row.counts]).toEqual([3, 3]);
});

it('keys are numbered as they come', () => {
  const index = createKeyIndex(['a']);
  expect([index.numberOf('b'), index.numberOf('a'), index.numberOf('c'), index.find('z')]).toEqual([
    1,
    0,
    2,
    undefined,
  ]);
  expect(index.keys).toEqual(['a', 'b', 'c']);
});
