import { compareSortKeys, type Page, type Slice, type SortKey, type SortOrder } from '../src/index.ts';

/** A list in memory that gives pages as a database does. */
export function readPage(order: SortOrder, keys: readonly SortKey[], page: Page): Slice<SortKey> {
  const compare = (a: SortKey, b: SortKey) => compareSortKeys(order, a, b);
  const rows = keys
    .filter((key) => !page.after || compare(key, page.after) > 0)
    .filter((key) => !page.before || compare(key, page.before) < 0)
    .sort(compare);
  if (page.direction === 'backward') rows.reverse();
  return {
    rows: rows.slice(0, page.limit + 1),
    hasRowsAtAfter: keys.some((key) => page.after && compare(key, page.after) <= 0),
    hasRowsAtBefore: keys.some((key) => page.before && compare(key, page.before) >= 0),
  };
}
