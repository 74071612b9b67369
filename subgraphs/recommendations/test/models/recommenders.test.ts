import {
  chosenMethod,
  countUsers,
  createChosenScorer,
  createFactorScorer,
  createMixtureScorer,
  createNeighbourScorer,
  createPopularityScorer,
  type Interactions,
  neighboursOf,
  rowOf,
  runAtOnce,
  runSteps,
  type Scorer,
  scoreUser,
  standardise,
  topUnplayed,
  toUserRow,
  trainAls,
  trainChosen,
  trainEase,
  trainItemKnn,
  trainRp3beta,
  transpose,
} from '@medley/recommendations/models/index';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { matrixOf, plantTastes } from './planted.ts';

const knn = { neighbours: 50, maxItemsPerUser: 1_000 };
const als = { rank: 8, alpha: 2, regularisation: 0.1, iterations: 5, seed: 1 };
const parameters = { ...chosenMethod.parameters, factors: als };
const methods: Record<string, (matrix: Interactions) => Scorer> = {
  'item-kNN': (matrix) => createNeighbourScorer(runAtOnce(trainItemKnn(matrix, knn))),
  RP3beta: (matrix) => createNeighbourScorer(runAtOnce(trainRp3beta(matrix, { ...knn, beta: 0.3 }))),
  iALS: (matrix) => createFactorScorer(runAtOnce(trainAls(matrix, als))),
  EASE: (matrix) => runAtOnce(trainEase(matrix, transpose(matrix), { regularisation: 20 })),
  'the chosen method': (matrix) => createChosenScorer(runAtOnce(trainChosen(matrix, parameters))),
};

describe.each(Object.entries(methods))('%s', (_, train) => {
  it('finds tastes that were planted, where popularity does not', () => {
    const { interactions, leftOut } = plantTastes();
    const popularity = shareFound(createPopularityScorer(countUsers(interactions)), interactions, leftOut);
    const found = shareFound(train(interactions), interactions, leftOut);
    // By chance 10 of the 15 other items of the taste are recommended.
    expect(found).toBeGreaterThan(0.5);
    expect(found).toBeGreaterThan(4 * popularity);
  });

  it('is the same for the same input', () => {
    const { interactions } = plantTastes({ usersEach: 5 });
    const row = rowOf(interactions, 3);
    const limit = { itemCount: interactions.itemCount, limit: 10 };
    expect(scoreUser(train(interactions), row, limit)).toEqual(scoreUser(train(interactions), row, limit));
  });

  it('knows what to do with one user, one item, a new user and items that it does not know', () => {
    for (const matrix of [
      matrixOf([[[0, 3]]]),
      matrixOf(
        [
          [
            [0, 1],
            [1, 1],
          ],
          [[1, 9]],
        ],
        3,
      ),
    ]) {
      const scorer = train(matrix);
      for (const row of [
        toUserRow([]),
        toUserRow([[0, 1]]),
        toUserRow([
          [0, 1],
          [77, 2],
        ]),
      ]) {
        const { items, scores } = scoreUser(scorer, row, { itemCount: matrix.itemCount, limit: 5 });
        expect(items.length).toBe(matrix.itemCount - (row.items.includes(0) ? 1 : 0));
        expect(scores.every(Number.isFinite)).toBe(true);
      }
    }
  });
});

describe('EASE', () => {
  it('is what the paper computes by inverting the matrix of items', () => {
    const matrix = matrixOf([
      [
        [0, 1],
        [1, 1],
      ],
      [
        [1, 1],
        [2, 1],
      ],
      [[0, 1]],
    ]);
    const scorer = runAtOnce(trainEase(matrix, transpose(matrix), { regularisation: 1 }));
    const scores = new Float64Array(3);
    scorer.score(toUserRow([[0, 1]]), scores);
    // P = (XᵀX + I)⁻¹ of [[3, 1, 0], [1, 3, 1], [0, 1, 2]], whose determinant is 13; B = -P / diag(P).
    expect(scores[1]).toBeCloseTo(2 / 6, 10);
    expect(scores[2]).toBeCloseTo(-1 / 8, 10);
  });
});

describe('scores', () => {
  it('of a mixture are those of its parts, each with mean 0 and deviation 1 over what was not played', () => {
    const part = (values: number[]): Scorer => ({ score: (_, into) => into.set(values) });
    const mixture = createMixtureScorer([
      { scorer: part([100, 1, 3]), weight: 0.25 },
      { scorer: part([100, 30, 10]), weight: 0.75 },
      { scorer: part([5, 5, 5]), weight: 9 },
    ]);
    const scores = new Float64Array(3);
    mixture.score(toUserRow([[0, 1]]), scores);
    expect(scores[1]).toBeCloseTo(-0.25 + 0.75, 10);
    expect(scores[2]).toBeCloseTo(0.25 - 0.75, 10);
  });

  it('that are all the same become 0', () => {
    const scores = Float64Array.of(4, 4, 9);
    standardise(scores, toUserRow([[2, 1]]));
    expect([...scores]).toEqual([0, 0, 0]);
  });

  it('are ranked as by sorting, equals by index, without what was played', () => {
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: -5, max: 5 }), { minLength: 1, maxLength: 60 }),
        fc.array(fc.nat(70)),
        fc.integer({ min: 1, max: 20 }),
        (values, played, limit) => {
          const row = toUserRow(played.map((item) => [item, 1] as const));
          const expected = values
            .map((score, item) => ({ score, item }))
            .filter(({ item }) => !played.includes(item))
            .sort((a, b) => b.score - a.score || a.item - b.item)
            .slice(0, limit);
          const { items, scores } = topUnplayed(Float64Array.from(values), row, limit);
          expect([...items]).toEqual(expected.map(({ item }) => item));
          expect([...scores]).toEqual(expected.map(({ score }) => score));
        },
      ),
    );
  });
});

describe('neighbours of the chosen method', () => {
  it('are of the same taste, best first, from 1 down to above 0', () => {
    const { interactions } = plantTastes();
    const model = runAtOnce(trainChosen(interactions, parameters));
    const { items, scores } = neighboursOf(model, 30, 5);
    expect([...items].every((item) => Math.floor(item / 25) === 1)).toBe(true);
    expect(scores[0]).toBe(1);
    expect([...scores]).toEqual([...scores].sort((a, b) => b - a));
    expect(scores[4]).toBeGreaterThan(0);
  });

  it('are none for an item that nobody played, or that is not known', () => {
    const model = runAtOnce(
      trainChosen(
        matrixOf(
          [
            [
              [0, 1],
              [1, 1],
            ],
          ],
          3,
        ),
        parameters,
      ),
    );
    expect(neighboursOf(model, 2, 5).items.length).toBe(0);
    expect(neighboursOf(model, 50, 5).items.length).toBe(0);
    expect([...neighboursOf(model, 0, 5).items]).toEqual([1]);
  });
});

describe('a training in steps', () => {
  it('tells how far it is, lets others work, and stops when it is told to', async () => {
    const { interactions } = plantTastes({ tastes: 12, usersEach: 60 });
    const told: number[] = [];
    const stop = new AbortController();
    const training = runSteps(trainChosen(interactions), {
      signal: stop.signal,
      sliceMs: 1,
      onProgress({ done, total }) {
        expect(done).toBeLessThanOrEqual(total);
        told.push(done / total);
        if (told.length === 3) stop.abort(new Error('enough'));
      },
    });
    await expect(training).rejects.toThrow('enough');
    expect(told.length).toBe(3);
  });
});

function shareFound(scorer: Scorer, interactions: Interactions, leftOut: readonly number[]): number {
  const found = leftOut.filter((item, user) => {
    const row = rowOf(interactions, user);
    if (row.items.includes(item)) return true;
    return scoreUser(scorer, row, { itemCount: interactions.itemCount, limit: 10 }).items.includes(item);
  });
  return found.length / leftOut.length;
}
