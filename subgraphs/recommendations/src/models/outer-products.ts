/** Adds `Σ weight · y · yᵀ` to the lower triangle of a symmetric matrix. */
export interface OuterProducts {
  /** Adds one summand, now or together with the next ones; `y` is the row of `factors` that begins at `at`. */
  add(factors: Float32Array, at: number, weight: number): void;
  /** Adds what waits. Before it, the matrix is not complete. */
  flush(): void;
}

/**
 * Four summands at once, so that the matrix goes through the processor a quarter as often.
 * @param matrix `size * size` places, row after row
 */
export function createOuterProducts(matrix: Float64Array, size: number): OuterProducts {
  const [a, b, c, d] = [0, 1, 2, 3].map(() => new Float64Array(size)) as [
    Float64Array,
    Float64Array,
    Float64Array,
    Float64Array,
  ];
  const waiting = [a, b, c, d];
  const weights = new Float64Array(4);
  let count = 0;

  const flush = () => {
    if (count === 0) return;
    for (let row = 0; row < size; row += 1) {
      const [wa, wb] = [
        (a[row] as number) * (weights[0] as number),
        (b[row] as number) * (weights[1] as number),
      ];
      const [wc, wd] = [
        (c[row] as number) * (weights[2] as number),
        (d[row] as number) * (weights[3] as number),
      ];
      const place = row * size;
      for (let column = 0; column <= row; column += 1) {
        (matrix[place + column] as number) +=
          wa * (a[column] as number) +
          wb * (b[column] as number) +
          wc * (c[column] as number) +
          wd * (d[column] as number);
      }
    }
    weights.fill(0);
    count = 0;
  };
  return {
    add(factors, at, weight) {
      const into = waiting[count] as Float64Array;
      for (let k = 0; k < size; k += 1) into[k] = factors[at + k] as number;
      weights[count] = weight;
      count += 1;
      if (count === 4) flush();
    },
    flush,
  };
}
