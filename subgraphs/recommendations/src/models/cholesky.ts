/**
 * Solves `matrix · x = vector` for a symmetric positive definite matrix, by Cholesky's decomposition; both are overwritten, and `vector`
 * becomes x. Only the lower triangle is read, row after row: `matrix[row * size + column]` with column at most row.
 */
export function solveInPlace(matrix: Float64Array, vector: Float64Array, size: number): void {
  for (let row = 0; row < size; row += 1) decomposeRow(matrix, size, row);
  solveDecomposed(matrix, vector, size);
}

/** Makes one row of L, with `L · Lᵀ = matrix`, in the lower triangle; the rows above must be done. */
export function decomposeRow(matrix: Float64Array, size: number, row: number): void {
  const at = row * size;
  let squares = 0;
  for (let column = 0; column < row; column += 1) {
    const other = column * size;
    const rest = (matrix[at + column] as number) - productOf(matrix, at, matrix, other, column);
    const value = rest / (matrix[other + column] as number);
    matrix[at + column] = value;
    squares += value * value;
  }
  // Rounding can take a hair too much from a matrix that is nearly singular.
  matrix[at + row] = Math.sqrt(Math.max((matrix[at + row] as number) - squares, Number.MIN_VALUE));
}

/** Solves `L · Lᵀ · x = vector`; `vector` becomes x. */
export function solveDecomposed(triangle: Float64Array, vector: Float64Array, size: number): void {
  solvePart(triangle, vector, size, 0);
}

/** Writes one row of `(L · Lᵀ)⁻¹`, up to its diagonal and no further, since it is symmetric: row `row` from column `row` on. */
export function invertRow(triangle: Float64Array, inverse: Float64Array, size: number, row: number): void {
  const vector = inverse.subarray(row * size, (row + 1) * size);
  vector.fill(0);
  vector[row] = 1;
  solvePart(triangle, vector, size, row);
}

/** Copies what is right of the diagonal to what is below it. */
export function mirror(matrix: Float64Array, size: number): void {
  for (let row = 1; row < size; row += 1) {
    for (let column = 0; column < row; column += 1) {
      matrix[row * size + column] = matrix[column * size + row] as number;
    }
  }
}

/** The places of x from `first` on, where `vector` has only zeros before it. */
function solvePart(triangle: Float64Array, vector: Float64Array, size: number, first: number): void {
  for (let row = first; row < size; row += 1) {
    const at = row * size;
    const rest = (vector[row] as number) - productOf(triangle, at + first, vector, first, row - first);
    vector[row] = rest / (triangle[at + row] as number);
  }
  for (let row = size - 1; row >= first; row -= 1) {
    const at = row * size;
    const value = (vector[row] as number) / (triangle[at + row] as number);
    vector[row] = value;
    for (let column = first; column < row; column += 1) {
      (vector[column] as number) -= (triangle[at + column] as number) * value;
    }
  }
}

/** The product of two vectors, in four sums side by side: one alone would wait for each addition. */
export function productOf(
  a: Float64Array,
  aFrom: number,
  b: Float64Array,
  bFrom: number,
  length: number,
): number {
  let [first, second, third, fourth] = [0, 0, 0, 0];
  const whole = length - (length % 4);
  for (let k = 0; k < whole; k += 4) {
    first += (a[aFrom + k] as number) * (b[bFrom + k] as number);
    second += (a[aFrom + k + 1] as number) * (b[bFrom + k + 1] as number);
    third += (a[aFrom + k + 2] as number) * (b[bFrom + k + 2] as number);
    fourth += (a[aFrom + k + 3] as number) * (b[bFrom + k + 3] as number);
  }
  for (let k = whole; k < length; k += 1) first += (a[aFrom + k] as number) * (b[bFrom + k] as number);
  return first + second + (third + fourth);
}
