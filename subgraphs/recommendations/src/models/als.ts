import { costOfRow, createRowSolver, gramOf } from './als-row.ts';
import { type Interactions, transpose, type UserRow } from './interactions.ts';
import { createOuterProducts } from './outer-products.ts';
import { createGaussian } from './random.ts';
import type { Steps } from './steps.ts';

/**
 * Implicit ALS (Hu, Koren, Volinsky: Collaborative filtering for implicit feedback datasets, 2008): factors of users and items whose
 * products are near 1 where something was played and near 0 elsewhere, where a play weighs `1 + alpha * ln(1 + count)` and none 1.
 * The parameters mean what they mean to Spark's `ALS(implicitPrefs=True)` with `ln(1 + count)` as rating: regularisation is scaled by
 * the number of entries of a row (Zhou et al., 2008), items are solved before users, and users begin with random directions of length 1.
 */
export interface AlsParameters {
  /** The length of a factor, 1 to 256. */
  readonly rank: number;
  readonly alpha: number;
  /** `regParam` of Spark, more than 0. */
  readonly regularisation: number;
  /** `maxIter` of Spark, at least 1. */
  readonly iterations: number;
  readonly seed: number;
}

/** What a training has reached: with it, it goes on to the same result as without a break. Factors lie row after row. */
export interface AlsState {
  readonly iterationsDone: number;
  readonly userFactors: Float32Array;
  readonly itemFactors: Float32Array;
}

/** What was learned. The factors of users follow from it (`foldIn`). Those of items that nobody played are 0. */
export interface AlsModel {
  readonly rank: number;
  readonly alpha: number;
  readonly regularisation: number;
  readonly itemFactors: Float32Array;
}

// So many multiplications take two or three milliseconds.
const multiplicationsAStep = 1 << 21;

/**
 * Memory: 8 bytes an entry for the transposed matrix, 4 bytes times rank a user and an item.
 * @param state where to go on; without it, from the beginning
 */
export function* trainAls(
  interactions: Interactions,
  parameters: AlsParameters,
  state: AlsState = beginAls(interactions, parameters),
): Steps<AlsModel> {
  const byItem = transpose(interactions);
  let reached = state;
  while (reached.iterationsDone < parameters.iterations) {
    reached = yield* iterateAls(interactions, byItem, parameters, reached);
  }
  return finishAls(parameters, reached);
}

export function beginAls(
  { userCount, itemCount }: Interactions,
  { rank, seed }: Pick<AlsParameters, 'rank' | 'seed'>,
): AlsState {
  if (!(Number.isInteger(rank) && rank >= 1 && rank <= 256))
    throw new RangeError(`rank must be a whole number from 1 to 256, got ${rank}`);
  const userFactors = new Float32Array(userCount * rank);
  const gaussian = createGaussian(seed);
  for (let at = 0; at < userFactors.length; at += rank) {
    const factor = userFactors.subarray(at, at + rank);
    for (let k = 0; k < rank; k += 1) factor[k] = gaussian();
    const length = Math.hypot(...factor) || 1;
    for (let k = 0; k < rank; k += 1) factor[k] = (factor[k] as number) / length;
  }
  return { iterationsDone: 0, userFactors, itemFactors: new Float32Array(itemCount * rank) };
}

/** One iteration: all items, then all users. The state that is given stays as it is, so that it can be saved meanwhile. */
export function* iterateAls(
  byUser: Interactions,
  byItem: Interactions,
  parameters: AlsParameters,
  { iterationsDone, userFactors }: AlsState,
): Steps<AlsState> {
  const { iterations } = parameters;
  const rows = byUser.userCount + byItem.userCount;
  const report = (rowsDone: number) => ({
    stage: 'factors',
    done: iterationsDone * rows + rowsDone,
    total: Math.max(1, iterations * rows),
  });
  const itemFactors = yield* solveRows(byItem, userFactors, parameters, (row) => report(row));
  const solved = yield* solveRows(byUser, itemFactors, parameters, (row) => report(byItem.userCount + row));
  return { iterationsDone: iterationsDone + 1, userFactors: solved, itemFactors };
}

export function finishAls(parameters: AlsParameters, { itemFactors }: AlsState): AlsModel {
  const { rank, alpha, regularisation } = parameters;
  return { rank, alpha, regularisation, itemFactors };
}

/**
 * Makes the factor of a user from what they played, exactly as a last half iteration would; items that the model does not know are
 * left out. What the function returns is overwritten by its next call.
 */
export function createFoldIn({
  rank,
  alpha,
  regularisation,
  itemFactors,
}: AlsModel): (row: UserRow) => Float64Array {
  const solve = createRowSolver(itemFactors, gramOf(itemFactors, rank), { rank, alpha, regularisation });
  const itemCount = itemFactors.length / rank;
  return ({ items, counts }) => {
    let known = items.length;
    while (known > 0 && (items[known - 1] as number) >= itemCount) known -= 1;
    return solve(items, counts, 0, known);
  };
}

/** How alike two items are by their factors, -1 to 1: the cosine; 0 where nobody played one of them. */
export function cosineOfFactors({ rank, itemFactors }: AlsModel, item: number, other: number): number {
  const [a, b] = [item * rank, other * rank];
  let [product, squaresOfA, squaresOfB] = [0, 0, 0];
  for (let k = 0; k < rank; k += 1) {
    const [x, y] = [itemFactors[a + k] ?? 0, itemFactors[b + k] ?? 0];
    product += x * y;
    squaresOfA += x * x;
    squaresOfB += y * y;
  }
  const lengths = Math.sqrt(squaresOfA * squaresOfB);
  return lengths > 0 ? product / lengths : 0;
}

function* solveRows(
  matrix: Interactions,
  fixed: Float32Array,
  parameters: AlsParameters,
  report: (row: number) => { stage: string; done: number; total: number },
): Steps<Float32Array> {
  const { rank } = parameters;
  const gram = new Float64Array(rank * rank);
  const products = createOuterProducts(gram, rank);
  const rowsAStep = Math.max(1, Math.floor(multiplicationsAStep / rank ** 2));
  for (let at = 0, rows = 0; at < fixed.length; at += rank, rows += 1) {
    products.add(fixed, at, 1);
    if (rows % rowsAStep === 0) yield report(0);
  }
  products.flush();
  const solve = createRowSolver(fixed, gram, parameters);
  const factors = new Float32Array(matrix.userCount * rank);
  let multiplications = 0;
  for (let row = 0; row < matrix.userCount; row += 1) {
    const [from, to] = [matrix.starts[row] as number, matrix.starts[row + 1] as number];
    if (to === from) continue;
    factors.set(solve(matrix.items, matrix.counts, from, to), row * rank);
    multiplications += costOfRow(rank, to - from);
    if (multiplications >= multiplicationsAStep) {
      multiplications = 0;
      yield report(row);
    }
  }
  return factors;
}
