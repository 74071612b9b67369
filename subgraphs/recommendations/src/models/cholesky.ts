/**
 * Solves `matrix · x = vector` for a symmetric positive definite matrix, by Cholesky's decomposition; both are overwritten, and `vector`
 * becomes x. Only the lower triangle is read, row after row: `matrix[row * size + column]` with column at most row.
 */
export function solveInPlace(matrix: Float64Array, vector: Float64Array, size: number): void {
  decomposeInPlace(matrix, size);
  for (let row = 0; row < size; row += 1) {
    let rest = vector[row] as number;
    const at = row * size;
    for (let column = 0; column < row; column += 1) {
      rest -= (matrix[at + column] as number) * (vector[column] as number);
    }
    vector[row] = rest / (matrix[at + row] as number);
  }
  for (let row = size - 1; row >= 0; row -= 1) {
    const value = (vector[row] as number) / (matrix[row * size + row] as number);
    vector[row] = value;
    const at = row * size;
    for (let column = 0; column < row; column += 1) {
      (vector[column] as number) -= (matrix[at + column] as number) * value;
    }
  }
}

/** The lower triangle becomes L, with `L · Lᵀ = matrix`. */
export function decomposeInPlace(matrix: Float64Array, size: number): void {
  for (let row = 0; row < size; row += 1) {
    decomposeRow(matrix, size, row);
  }
}

/** One row of `decomposeInPlace`; the rows above must be done. */
export function decomposeRow(matrix: Float64Array, size: number, row: number): void {
  const at = row * size;
  for (let column = 0; column < row; column += 1) {
    const other = column * size;
    let rest = matrix[at + column] as number;
    for (let k = 0; k < column; k += 1) rest -= (matrix[at + k] as number) * (matrix[other + k] as number);
    matrix[at + column] = rest / (matrix[other + column] as number);
  }
  let rest = matrix[at + row] as number;
  for (let k = 0; k < row; k += 1) rest -= (matrix[at + k] as number) ** 2;
  // Rounding can take a hair too much from a matrix that is nearly singular.
  matrix[at + row] = Math.sqrt(Math.max(rest, Number.MIN_VALUE));
}
