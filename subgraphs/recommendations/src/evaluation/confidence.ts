/** A mean and how far the true one may be from it. */
export interface Estimate {
  readonly mean: number;
  /** Half the width of the interval; null for a single value, which says nothing of its spread. */
  readonly margin: number | null;
}

/**
 * The mean of independent values with its 95 % interval, by Student's t.
 * @param values at least one
 */
export function estimateMean(values: readonly number[]): Estimate {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  if (values.length < 2) return { mean, margin: null };
  const squares = values.reduce((sum, value) => sum + (value - mean) ** 2, 0);
  const freedom = values.length - 1;
  return { mean, margin: quantileOfT(freedom) * Math.sqrt(squares / freedom / values.length) };
}

/** Whether two intervals have nothing in common; never of a single value. */
export function areApart(a: Estimate, b: Estimate): boolean {
  if (a.margin === null || b.margin === null) return false;
  return Math.abs(a.mean - b.mean) > a.margin + b.margin;
}

/** The 97.5 % quantile of Student's t with so many degrees of freedom; between those of the table, the larger one. */
function quantileOfT(freedom: number): number {
  return quantiles.findLast(([from]) => from <= freedom)?.[1] ?? Number.NaN;
}

const quantiles: readonly (readonly [freedom: number, quantile: number])[] = [
  [1, 12.706],
  [2, 4.303],
  [3, 3.182],
  [4, 2.776],
  [5, 2.571],
  [6, 2.447],
  [7, 2.365],
  [8, 2.306],
  [9, 2.262],
  [10, 2.228],
  [12, 2.179],
  [15, 2.131],
  [20, 2.086],
  [30, 2.042],
  [60, 2.0],
  [120, 1.98],
];
