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
    let rest = matrix[at + column] as number;
    for (let k = 0; k < column; k += 1) rest -= (matrix[at + k] as number) * (matrix[other + k] as number);
    const value = rest / (matrix[other + column] as number);
    matrix[at + column] = value;
    squares += value * value;
  }
  // Rounding can take a hair too much from a matrix that is nearly singular.
  matrix[at + row] = Math.sqrt(Math.max((matrix[at + row] as number) - squares, Number.MIN_VALUE));
}

/**
 * Solves `L · Lᵀ · x = vector`; `vector` becomes x.
 * @param firstValue before it, `vector` has only zeros
 */
export function solveDecomposed(
  triangle: Float64Array,
  vector: Float64Array,
  size: number,
  firstValue = 0,
): void {
  for (let row = firstValue; row < size; row += 1) {
    let rest = vector[row] as number;
    const at = row * size;
    for (let column = firstValue; column < row; column += 1) {
      rest -= (triangle[at + column] as number) * (vector[column] as number);
    }
    vector[row] = rest / (triangle[at + row] as number);
  }
  for (let row = size - 1; row >= 0; row -= 1) {
    const at = row * size;
    const value = (vector[row] as number) / (triangle[at + row] as number);
    vector[row] = value;
    for (let column = 0; column < row; column += 1) {
      (vector[column] as number) -= (triangle[at + column] as number) * value;
    }
  }
}
