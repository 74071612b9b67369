/** What a text is as a CSV record: its cells, or that a quote is still open at its end, or why it is none. */
export type CsvCells = readonly string[] | 'open' | { readonly reason: string };

/**
 * Takes a record apart after RFC 4180. A quote within a cell that does not begin with one is just a quote (`12" Mix`),
 * as real files have it.
 * @param separator one character
 */
export function splitCells(record: string, separator = ','): CsvCells {
  if (!record.includes('"')) return record.split(separator);
  const cells: string[] = [];
  for (let at = 0; ; ) {
    if (record[at] !== '"') {
      const end = record.indexOf(separator, at);
      cells.push(end < 0 ? record.slice(at) : record.slice(at, end));
      if (end < 0) return cells;
      at = end + 1;
      continue;
    }
    const closing = findClosingQuote(record, at + 1);
    if (closing < 0) return 'open';
    cells.push(record.slice(at + 1, closing).replaceAll('""', '"'));
    if (closing + 1 === record.length) return cells;
    if (record[closing + 1] !== separator)
      return { reason: 'a quoted cell goes on after its closing quote; quotes within it are doubled' };
    at = closing + 2;
  }
}

function findClosingQuote(record: string, from: number): number {
  for (let at = record.indexOf('"', from); at >= 0; at = record.indexOf('"', at + 2)) {
    if (record[at + 1] !== '"') return at;
  }
  return -1;
}
