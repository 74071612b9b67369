import {
  createNeighbourScorer,
  createWalkScorer,
  joinNeighbourLists,
  listOf,
  makeNeighbourLists,
  prepareItemKnn,
  prepareRp3beta,
  rowOf,
  runAtOnce,
  trainItemKnn,
  trainRp3beta,
} from '@medley/recommendations/models/index';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { matrixOf, plantTastes } from './planted.ts';

const knn = { neighbours: 10, maxItemsPerUser: 1_000 };
const rp3beta = { ...knn, beta: 0.5 };
// So that the logarithm of one more is 1.
const one = Math.E - 1;
const small = matrixOf([
  [
    [0, one],
    [1, one],
  ],
  [
    [0, one],
    [1, one],
    [2, one],
  ],
  [[2, one]],
]);

describe('item-kNN', () => {
  it('is the cosine of the logarithms of counts', () => {
    const lists = runAtOnce(trainItemKnn(small, knn));
    expect([...listOf(lists, 0).items]).toEqual([1, 2]);
    expect(listOf(lists, 0).similarities[0]).toBeCloseTo(1, 6);
    expect(listOf(lists, 0).similarities[1]).toBeCloseTo(1 / 2, 6);
    expect([...listOf(lists, 2).items]).toEqual([0, 1]);
  });

  it('weighs counts by their logarithm', () => {
    const weighed = matrixOf([
      [
        [0, one],
        [1, Math.E ** 2 - 1],
      ],
      [[1, one]],
    ]);
    const lists = runAtOnce(trainItemKnn(weighed, knn));
    expect(listOf(lists, 0).similarities[0]).toBeCloseTo(2 / Math.sqrt(5), 6);
  });
});

describe('RP3beta', () => {
  it('is a walk of two steps over the popularity of where it ends', () => {
    const lists = runAtOnce(trainRp3beta(small, rp3beta));
    // From 0 to one of its two users, from there to one of their items; each item has two users.
    expect([...listOf(lists, 0).items]).toEqual([1, 2]);
    expect(listOf(lists, 0).similarities[0]).toBeCloseTo((1 / 2) * (1 / 2 + 1 / 3) * 2 ** -0.5, 6);
    expect(listOf(lists, 0).similarities[1]).toBeCloseTo((1 / 2) * (1 / 3) * 2 ** -0.5, 6);
  });
});

describe.each([
  { name: 'item-kNN', prepare: prepareItemKnn },
  {
    name: 'RP3beta',
    prepare: (matrix: typeof small, all: typeof knn) => prepareRp3beta(matrix, { ...all, beta: 0.3 }),
  },
])('lists by $name', ({ prepare }) => {
  const train = (matrix: typeof small, parameters = knn) =>
    runAtOnce(makeNeighbourLists(prepare(matrix, parameters)));
  const rows = fc.array(
    fc.uniqueArray(fc.tuple(fc.nat(20), fc.integer({ min: 1, max: 50 })), {
      selector: ([item]) => item,
      maxLength: 12,
    }),
    { minLength: 1, maxLength: 15 },
  );

  it('are sorted, within 0 and 1, without the item itself, and no longer than asked for', () => {
    fc.assert(
      fc.property(rows, fc.integer({ min: 1, max: 6 }), (matrix, neighbours) => {
        const lists = train(matrixOf(matrix, 21), { ...knn, neighbours });
        for (let item = 0; item < 21; item += 1) {
          const { items, similarities } = listOf(lists, item);
          expect(items.length).toBeLessThanOrEqual(neighbours);
          expect(items.includes(item)).toBe(false);
          similarities.forEach((similarity, at) => {
            expect(similarity).toBeGreaterThan(0);
            expect(similarity).toBeLessThanOrEqual(1 + 1e-6);
            const before = similarities[at - 1];
            if (before !== undefined) expect(before).toBeGreaterThanOrEqual(similarity);
          });
        }
      }),
      { numRuns: 30 },
    );
  });

  it('do not depend on who comes first', () => {
    fc.assert(
      fc.property(rows, (matrix) => {
        const [a, b] = [train(matrixOf(matrix, 21)), train(matrixOf(matrix.toReversed(), 21))];
        for (let item = 0; item < 21; item += 1) {
          const mine = listOf(a, item);
          const similarityOf = new Map(
            [...listOf(b, item).items].map((other, at) => [other, listOf(b, item).similarities[at]]),
          );
          mine.similarities.forEach((similarity, at) => {
            // At the end of a full list rounding may decide.
            const there = similarityOf.get(mine.items[at] as number);
            if (there !== undefined || mine.items.length < knn.neighbours)
              expect(there).toBeCloseTo(similarity, 5);
          });
        }
      }),
      { numRuns: 30 },
    );
  });

  it('made in parts are the same as made at once', () => {
    const { interactions } = plantTastes();
    const source = prepare(interactions, knn);
    const parts = [
      { from: 70, to: 150 },
      { from: 0, to: 1 },
      { from: 1, to: 70 },
    ].map((range) => runAtOnce(makeNeighbourLists(source, range)));
    expect(joinNeighbourLists(parts)).toEqual(runAtOnce(makeNeighbourLists(source)));
    expect(() => joinNeighbourLists(parts.slice(0, 2))).toThrow('expected lists from item 1 on');
  });

  it('score as the walk does that makes no lists', () => {
    const { interactions } = plantTastes();
    const source = prepare(interactions, { ...knn, neighbours: interactions.itemCount });
    const [byLists, byWalk] = [
      createNeighbourScorer(runAtOnce(makeNeighbourLists(source))),
      createWalkScorer(source),
    ];
    const [a, b] = [new Float64Array(interactions.itemCount), new Float64Array(interactions.itemCount)];
    for (let user = 0; user < 20; user += 1) {
      const row = rowOf(interactions, user);
      byLists.score(row, a);
      byWalk.score(row, b);
      a.forEach((score, item) => {
        if (!row.items.includes(item)) expect(score).toBeCloseTo(b[item] as number, 5);
      });
    }
  });

  it('exist for one user, for one item and for nothing', () => {
    expect(train(matrixOf([[[0, 1]]])).items.length).toBe(0);
    expect([
      ...train(
        matrixOf([
          [
            [0, 1],
            [1, 1],
          ],
        ]),
      ).items,
    ]).toEqual([1, 0]);
    expect(train(matrixOf([], 0)).starts.length).toBe(1);
    expect(train(matrixOf([[], []], 3)).starts.length).toBe(4);
  });

  it('take a user with 100,000 items as one with the most played of them', () => {
    const row = Array.from({ length: 100_000 }, (_, item) => [item, item < 5 ? 9 : 1] as const);
    const lists = train(
      matrixOf([
        row,
        [
          [0, 1],
          [1, 1],
        ],
      ]),
      { neighbours: 3, maxItemsPerUser: 50 },
    );
    expect(listOf(lists, 0).items.length).toBe(3);
    expect(listOf(lists, 60).items.length).toBe(0);
  });
});
