import { decomposeRow, invertRow, mirror, productOf, solveInPlace } from './cholesky.ts';
import { createOuterProducts } from './outer-products.ts';

/** Makes the factor of a row from its entries `from` to before `to`. What it returns is overwritten by its next call. */
export type RowSolver = (items: Uint32Array, counts: Float32Array, from: number, to: number) => Float64Array;

/**
 * Solves `(G + Σ c·y·yᵀ + regularisation·n·I) · x = Σ (1 + c)·y` for a row of n entries, with c = `alpha · ln(1 + count)`, y the fixed
 * factor of an entry and G the sum of `y·yᵀ` of all there are.
 *
 * Most rows are short. With `A = G + regularisation·n·I`, which all rows of a length share, and their factors as columns of Y,
 * Woodbury's identity makes x = `A⁻¹·Y·z` of a system as small as the row: `(C⁻¹ + Yᵀ·A⁻¹·Y) · z = C⁻¹·(1 + c)`.
 */
export function createRowSolver(
  fixed: Float32Array,
  gram: Float64Array,
  parameters: { readonly rank: number; readonly alpha: number; readonly regularisation: number },
): RowSolver {
  const short = createShortRowSolver(fixed, gram, parameters);
  const long = createLongRowSolver(fixed, gram, parameters);
  const longest = longestShortRow(parameters.rank);
  return (items, counts, from, to) => (to - from <= longest ? short : long)(items, counts, from, to);
}

/** Up to here the small system is cheaper. */
export const longestShortRow = (rank: number): number => rank >> 3;

/** How many multiplications a row takes, about. */
export function costOfRow(rank: number, length: number): number {
  return length <= longestShortRow(rank)
    ? (length + 1) * rank ** 2
    : (length * rank ** 2) / 2 + rank ** 3 / 6 + rank ** 2;
}

/** The sum of `y·yᵀ` of all factors. */
export function gramOf(factors: Float32Array, rank: number): Float64Array {
  const gram = new Float64Array(rank * rank);
  const products = createOuterProducts(gram, rank);
  for (let at = 0; at < factors.length; at += rank) products.add(factors, at, 1);
  products.flush();
  return gram;
}

function createLongRowSolver(
  fixed: Float32Array,
  gram: Float64Array,
  { rank, alpha, regularisation }: Parameters<typeof createRowSolver>[2],
): RowSolver {
  const matrix = new Float64Array(rank * rank);
  const products = createOuterProducts(matrix, rank);
  const vector = new Float64Array(rank);
  return (items, counts, from, to) => {
    matrix.set(gram);
    vector.fill(0);
    for (let at = from; at < to; at += 1) {
      const confidence = alpha * Math.log1p(counts[at] as number);
      const other = (items[at] as number) * rank;
      products.add(fixed, other, confidence);
      for (let k = 0; k < rank; k += 1) {
        (vector[k] as number) += (1 + confidence) * (fixed[other + k] as number);
      }
    }
    products.flush();
    addToDiagonal(matrix, rank, regularisation * (to - from));
    solveInPlace(matrix, vector, rank);
    return vector;
  };
}

function createShortRowSolver(
  fixed: Float32Array,
  gram: Float64Array,
  { rank, alpha, regularisation }: Parameters<typeof createRowSolver>[2],
): RowSolver {
  const inverses: Float64Array[] = [];
  const longest = longestShortRow(rank);
  const own = new Float64Array(longest * rank);
  const solved = new Float64Array(longest * rank);
  const small = new Float64Array(longest * longest);
  const weights = new Float64Array(longest);
  const factor = new Float64Array(rank);
  return (items, counts, from, to) => {
    const length = to - from;
    factor.fill(0);
    if (length === 0) return factor;
    inverses[length] ??= invert(gram, rank, regularisation * length);
    const inverse = inverses[length];
    for (let i = 0; i < length; i += 1) {
      const at = i * rank;
      const item = (items[from + i] as number) * rank;
      for (let k = 0; k < rank; k += 1) own[at + k] = fixed[item + k] as number;
      for (let k = 0; k < rank; k += 1) solved[at + k] = productOf(inverse, k * rank, own, at, rank);
      const confidence = alpha * Math.log1p(counts[from + i] as number);
      weights[i] = (1 + confidence) / confidence;
      for (let j = 0; j <= i; j += 1) small[i * length + j] = productOf(solved, at, own, j * rank, rank);
      (small[i * length + i] as number) += 1 / confidence;
    }
    solveInPlace(small, weights, length);
    for (let i = 0; i < length; i += 1) {
      const weight = weights[i] as number;
      for (let k = 0; k < rank; k += 1) (factor[k] as number) += weight * (solved[i * rank + k] as number);
    }
    return factor;
  };
}

/** `(gram + ridge·I)⁻¹`, all of it. */
function invert(gram: Float64Array, rank: number, ridge: number): Float64Array {
  const matrix = gram.slice();
  addToDiagonal(matrix, rank, ridge);
  for (let row = 0; row < rank; row += 1) decomposeRow(matrix, rank, row);
  const inverse = new Float64Array(rank * rank);
  for (let row = 0; row < rank; row += 1) invertRow(matrix, inverse, rank, row);
  mirror(inverse, rank);
  return inverse;
}

function addToDiagonal(matrix: Float64Array, size: number, value: number): void {
  for (let at = 0; at < matrix.length; at += size + 1) (matrix[at] as number) += value;
}
