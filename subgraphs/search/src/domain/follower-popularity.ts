/**
 * How popular a playlist is, 0 to 100, by how many follow it: each tenfold counts the same, a million is 100. So it can
 * stand beside the popularity of the catalog, and the first followers of a small playlist already tell it from others.
 */
export function popularityOfFollowers(count: number): number {
  return Math.min(100, Math.round((Math.log10(1 + Math.max(0, count)) / 6) * 100));
}
