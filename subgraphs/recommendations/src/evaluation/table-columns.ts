/** Where a table has what. */
export interface TableColumns {
  readonly user: number;
  readonly item: number;
  /** Null where the table has no counts: then every row is one play. */
  readonly count: number | null;
  /** The header's names, or null where there is none. */
  readonly names: readonly string[] | null;
}

/** The one of tab, semicolon and comma that the first line has most, outside of quotes; of equals, the first of these. */
export function findSeparator(firstLine: string): string {
  const bare = firstLine.replaceAll(/"(?:[^"]|"")*"/g, '');
  const counts = ['\t', ';', ','].map((separator) => ({ separator, count: bare.split(separator).length }));
  return counts.reduce((best, next) => (next.count > best.count ? next : best)).separator;
}

/**
 * Takes a first row as a header when its third cell is no number, or, where it has only two, when its first is the name of something
 * that listens. In a header columns are found by name; by position where the names say nothing.
 * @returns a reason when there are fewer than two columns
 */
export function findColumns(
  firstRow: readonly string[],
  header: 'yes' | 'no' | 'guess',
): TableColumns | { readonly reason: string } {
  if (firstRow.length < 2)
    return {
      reason: `expected at least two columns, user and item, got ${firstRow.length}: ${firstRow.join(' ')}`,
    };
  const hasHeader = header === 'guess' ? looksLikeHeader(firstRow) : header === 'yes';
  if (!hasHeader) return { user: 0, item: 1, count: firstRow.length > 2 ? 2 : null, names: null };

  const names = firstRow.map((name) => name.trim());
  const find = (pattern: RegExp) => names.findIndex((name) => pattern.test(name));
  const [user, item, count] = [find(userNames), find(itemNames), find(countNames)];
  if (user < 0 || item < 0 || user === item)
    return { user: 0, item: 1, count: names.length > 2 ? 2 : null, names };
  const isCount = count >= 0 && count !== user && count !== item;
  return { user, item, count: isCount ? count : null, names };
}

function looksLikeHeader(cells: readonly string[]): boolean {
  const third = cells[2]?.trim();
  if (third === undefined) return userNames.test(cells[0]?.trim() ?? '');
  return third !== '' && Number.isNaN(Number(third)) && !/^nan$/i.test(third);
}

const userNames = /^(user|listener|account|playlist|profile|session|uid)/i;
const itemNames = /^(item|artist|track|song|album|movie|product|iid)/i;
const countNames = /^(count|plays?|play_?count|weight|rating|listens|times|value|n)$/i;
