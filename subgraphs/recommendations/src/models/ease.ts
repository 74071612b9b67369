import { decomposeRow, invertRow, mirror } from './cholesky.ts';
import type { Interactions } from './interactions.ts';
import type { Scorer } from './scorers.ts';
import type { Steps } from './steps.ts';

export interface EaseParameters {
  /** Lambda of the paper, more than 0. */
  readonly regularisation: number;
}

/** A matrix of the users is inverted: 5,000 of them take 200 MB and minutes. */
export const maxUsersOfEase = 5_000;

/**
 * EASE (Steck: Embarrassingly shallow autoencoders for sparse data, 2019), of what was played, however often. The paper inverts a matrix
 * of items; by Woodbury's identity one of the users does as well, with `K = X·Xᵀ + lambda·I`: an item that the user u has not played
 * scores `xⱼᵀ·K⁻¹·X·u / (1 - xⱼᵀ·K⁻¹·xⱼ)`. It is here to compare with.
 *
 * Memory: 16 bytes a pair of users.
 * @throws RangeError when there are more users than `maxUsersOfEase`
 */
export function* trainEase(
  byUser: Interactions,
  byItem: Interactions,
  { regularisation }: EaseParameters,
): Steps<Scorer> {
  const { userCount, itemCount } = byUser;
  if (userCount > maxUsersOfEase)
    throw new RangeError(`EASE takes at most ${maxUsersOfEase} users, got ${userCount}`);
  const inverse = yield* invertKernel(byUser, byItem, regularisation);
  const scale = new Float64Array(itemCount);
  for (let item = 0; item < itemCount; item += 1) {
    const users = byItem.items.subarray(byItem.starts[item], byItem.starts[item + 1]);
    let leverage = 0;
    for (const user of users) {
      for (const other of users) leverage += inverse[user * userCount + other] as number;
    }
    scale[item] = 1 / Math.max(Number.EPSILON, 1 - leverage);
    if (item % 64 === 0) yield { stage: 'EASE', done: userCount, total: userCount + 1 };
  }

  const [shared, weights] = [new Float64Array(userCount), new Float64Array(userCount)];
  return {
    score(row, into) {
      shared.fill(0);
      for (const item of row.items) {
        const end = byItem.starts[item + 1] ?? 0;
        for (let at = byItem.starts[item] ?? 0; at < end; at += 1) {
          (shared[byItem.items[at] as number] as number) += 1;
        }
      }
      weights.fill(0);
      into.fill(0);
      for (let user = 0; user < userCount; user += 1) {
        const value = shared[user] as number;
        if (value === 0) continue;
        const at = user * userCount;
        for (let other = 0; other < userCount; other += 1) {
          (weights[other] as number) += value * (inverse[at + other] as number);
        }
      }
      for (let user = 0; user < userCount; user += 1) {
        const weight = weights[user] as number;
        const end = byUser.starts[user + 1] as number;
        for (let at = byUser.starts[user] as number; at < end; at += 1) {
          (into[byUser.items[at] as number] as number) += weight;
        }
      }
      for (let item = 0; item < into.length; item += 1) (into[item] as number) *= scale[item] ?? 0;
    },
  };
}

/** `(X·Xᵀ + regularisation·I)⁻¹`, row after row. */
function* invertKernel(
  { userCount, starts, items }: Interactions,
  byItem: Interactions,
  regularisation: number,
): Steps<Float64Array> {
  const report = (done: number) => ({ stage: 'EASE', done, total: 2 * userCount + 1 });
  const kernel = new Float64Array(userCount * userCount);
  for (let user = 0; user < userCount; user += 1) {
    const row = user * userCount;
    kernel[row + user] = regularisation;
    for (let at = starts[user] as number; at < (starts[user + 1] as number); at += 1) {
      const item = items[at] as number;
      const end = byItem.starts[item + 1] as number;
      for (let place = byItem.starts[item] as number; place < end; place += 1) {
        (kernel[row + (byItem.items[place] as number)] as number) += 1;
      }
    }
    yield report(0);
  }
  for (let row = 0; row < userCount; row += 1) {
    decomposeRow(kernel, userCount, row);
    yield report(row);
  }
  const inverse = new Float64Array(userCount * userCount);
  for (let row = 0; row < userCount; row += 1) {
    invertRow(kernel, inverse, userCount, row);
    yield report(userCount + row);
  }
  mirror(inverse, userCount);
  return inverse;
}
