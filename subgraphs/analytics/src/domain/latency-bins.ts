/**
 * How long something took, counted in bins that grow with the time: a DDSketch (Masson, Rim, Lee: DDSketch, a fast and fully-mergeable
 * quantile sketch with relative-error guarantees, VLDB 2019). Sketches are merged by adding their counts, so it does not matter in which
 * order and in how many parts something was counted.
 */

/** How far a percentile is off at most, as a share of the exact one. */
export const relativeError = 0.01;

const gamma = (1 + relativeError) / (1 - relativeError);
const logGamma = Math.log(gamma);

/** Of no time at all, which has no logarithm. */
const instant = -1;

/**
 * The bin of a time: bin `i` is for what is longer than γ^(i-1) ms and no longer than γ^i ms.
 * @param ms whole milliseconds, 0 or more
 * @returns -1 or more; 666 for ten minutes
 * @throws RangeError
 */
export function binOf(ms: number): number {
  if (!Number.isSafeInteger(ms) || ms < 0)
    throw new RangeError(`expected whole milliseconds from 0 on, got ${ms}`);
  return ms === 0 ? instant : Math.ceil(Math.log(ms) / logGamma);
}

/** The time, in milliseconds, that is off by the same share from both ends of a bin. */
const timeOf = (bin: number): number => (bin === instant ? 0 : (2 * gamma ** bin) / (gamma + 1));

/** How many times fell into one bin. */
export interface LatencyBin {
  readonly bin: number;
  readonly count: number;
}

/**
 * Percentiles: the time, in milliseconds, that so large a share was no slower than, by the nearest rank. Each is off by `relativeError`
 * at most.
 * @param bins in any order; the same bin may come more than once
 * @param shares above 0, up to 1: 0.95 for p95
 * @returns in the order of `shares`; null when nothing was counted
 */
export function percentilesOf(bins: readonly LatencyBin[], shares: readonly number[]): number[] | null {
  const total = bins.reduce((sum, { count }) => sum + count, 0);
  if (total === 0) return null;
  const ascending = bins.toSorted((one, other) => one.bin - other.bin);
  return shares.map((share) => {
    if (!(share > 0 && share <= 1)) throw new RangeError(`expected a share above 0, up to 1, got ${share}`);
    let left = Math.ceil(share * total);
    const found = ascending.find(({ count }) => {
      left -= count;
      return left <= 0;
    });
    return timeOf((found ?? (ascending.at(-1) as LatencyBin)).bin);
  });
}
