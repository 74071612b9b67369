import {
  type AlsParameters,
  beginAls,
  createFoldIn,
  finishAls,
  iterateAls,
  rowOf,
  runAtOnce,
  trainAls,
  transpose,
} from '@medley/recommendations/models/index';
import { describe, expect, it } from 'vitest';
import { matrixOf, plantTastes } from './planted.ts';

const parameters: AlsParameters = { rank: 16, alpha: 2, regularisation: 0.1, iterations: 4, seed: 3 };

describe('implicit ALS', () => {
  it('solves one user and one item as by hand', () => {
    const state = runAtOnce(
      iterateAls(
        ...bothWays([[[0, Math.E - 1]]]),
        { ...parameters, rank: 1 },
        {
          iterationsDone: 0,
          userFactors: new Float32Array([2]),
          itemFactors: new Float32Array(1),
        },
      ),
    );
    // (y² + c·y² + lambda·n) · x = (1 + c)·y with c = 2: 12.1 · x = 6, then with y = 6 / 12.1.
    const item = 6 / 12.1;
    expect(state.itemFactors[0]).toBeCloseTo(item, 6);
    expect(state.userFactors[0]).toBeCloseTo((3 * item) / (3 * item ** 2 + 0.1), 5);
    expect(state.iterationsDone).toBe(1);
  });

  it('leaves the gradient of its loss at zero, in short rows and long ones', () => {
    const { interactions } = plantTastes({ playsEach: 20 });
    const model = runAtOnce(trainAls(interactions, parameters));
    const foldIn = createFoldIn(model);
    const { rank, alpha, regularisation, itemFactors } = model;
    for (const length of [1, 2, 3, 20]) {
      const { items, counts } = rowOf(interactions, 0);
      const user = foldIn({ items: items.slice(0, length), counts: counts.slice(0, length) }).slice();
      for (let k = 0; k < rank; k += 1) {
        let gradient = regularisation * length * (user[k] as number);
        for (let item = 0; item < interactions.itemCount; item += 1) {
          const factor = itemFactors.subarray(item * rank, (item + 1) * rank);
          const product = factor.reduce((sum, value, at) => sum + value * (user[at] as number), 0);
          const at = items.subarray(0, length).indexOf(item);
          const confidence = at < 0 ? 0 : alpha * Math.log1p(counts[at] as number);
          gradient += (factor[k] as number) * ((1 + confidence) * product - (at < 0 ? 0 : 1 + confidence));
        }
        expect(Math.abs(gradient)).toBeLessThan(1e-9);
      }
    }
  });

  it('is the same for the same seed, and goes on from a saved state to the same result', () => {
    const { interactions } = plantTastes();
    const whole = runAtOnce(trainAls(interactions, parameters));
    expect(runAtOnce(trainAls(interactions, parameters))).toEqual(whole);
    expect(runAtOnce(trainAls(interactions, { ...parameters, seed: 4 }))).not.toEqual(whole);

    const begun = beginAls(interactions, parameters);
    const first = runAtOnce(iterateAls(interactions, transpose(interactions), parameters, begun));
    const saved = structuredClone(first);
    expect(runAtOnce(trainAls(interactions, parameters, saved))).toEqual(whole);
    expect(first).toEqual(saved);
  });

  it('gives users the factors of the last half iteration from what they played', () => {
    const { interactions } = plantTastes();
    let state = beginAls(interactions, parameters);
    const byItem = transpose(interactions);
    for (let round = 0; round < 2; round += 1) {
      state = runAtOnce(iterateAls(interactions, byItem, parameters, state));
    }
    const foldIn = createFoldIn(finishAls(parameters, state));
    for (const user of [0, 7, 100]) {
      const factor = foldIn(rowOf(interactions, user));
      factor.forEach((value, k) => {
        expect(value).toBeCloseTo(state.userFactors[user * parameters.rank + k] as number, 5);
      });
    }
  });

  it('has factors of 0 where nothing was played, for users with unknown items, and for nobody', () => {
    const model = runAtOnce(
      trainAls(
        matrixOf(
          [
            [
              [0, 1],
              [2, 4],
            ],
            [],
          ],
          4,
        ),
        parameters,
      ),
    );
    expect(model.itemFactors.subarray(16, 32).every((value) => value === 0)).toBe(true);
    expect(model.itemFactors.every(Number.isFinite)).toBe(true);
    const foldIn = createFoldIn(model);
    expect([...foldIn({ items: new Uint32Array(), counts: new Float32Array() })]).toEqual(Array(16).fill(0));
    const unknown = foldIn({ items: Uint32Array.of(99), counts: Float32Array.of(1) });
    expect([...unknown]).toEqual(Array(16).fill(0));
    expect(runAtOnce(trainAls(matrixOf([], 0), parameters)).itemFactors.length).toBe(0);
  });

  it('stays finite with counts as large and as small as they may be', () => {
    const model = runAtOnce(
      trainAls(
        matrixOf([
          [
            [0, 1e12],
            [1, 1e-6],
          ],
          [[0, 1e-6]],
          [[1, 1e12]],
        ]),
        parameters,
      ),
    );
    expect(model.itemFactors.every(Number.isFinite)).toBe(true);
  });

  it('refuses a rank that is none', () => {
    expect(() => beginAls(matrixOf([[[0, 1]]]), { rank: 0, seed: 1 })).toThrow('rank must be');
  });
});

function bothWays(rows: Parameters<typeof matrixOf>[0]) {
  const matrix = matrixOf(rows);
  return [matrix, transpose(matrix)] as const;
}
