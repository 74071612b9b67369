import { basename } from 'node:path';
import { type CsvCells, splitCells } from './cells.ts';
import { type Line, maxLineBytes, readLines } from './lines.ts';
import { UnusableSourceError } from './unusable-source-error.ts';

/** A row of a CSV file, by the names of its columns; or why there is none on that line. */
export type CsvRow = { readonly line: number; readonly bytesRead: number } & (
  | { readonly cells: ReadonlyMap<string, string> }
  | { readonly reason: string }
);

// More lines than that are no title with line breaks but a quote that nobody closed.
const maxLinesOfRow = 50;

/**
 * Reads a CSV file with a header, row by row. A row that cannot be read costs its first line: reading goes on with the
 * next one, so that a quote left open does not swallow the rest of the file.
 * @param required columns without which the file is of no use
 * @throws UnusableSourceError when the header is not what it should be
 */
export async function* readCsvRows(path: string, required: readonly string[]): AsyncGenerator<CsvRow> {
  const lines = withPushBack(readLines(path));
  try {
    const columns = parseHeader(path, (await lines.next())?.text, required);
    for (let first = await lines.next(); first; first = await lines.next()) {
      if (first.text?.trim() === '') continue;
      const taken = [first];
      let cells = cellsOf(taken, columns.length);
      while (cells === 'open' && taken.length < maxLinesOfRow) {
        const more = await lines.next();
        if (!more) break;
        taken.push(more);
        cells = cellsOf(taken, columns.length);
      }
      const bytesRead = (taken.at(-1) ?? first).bytesRead;
      if (cells !== 'open' && !('reason' in cells)) {
        yield {
          line: first.number,
          bytesRead,
          cells: new Map(columns.map((name, at) => [name, cells[at] ?? ''])),
        };
        continue;
      }
      lines.pushBack(taken.slice(1));
      const reason = cells === 'open' || taken.length > 1 ? 'a quote is opened and not closed' : cells.reason;
      yield { line: first.number, bytesRead: first.bytesRead, reason };
    }
  } finally {
    await lines.close();
  }
}

/** @throws UnusableSourceError when a file has not these columns */
export async function checkCsvHeader(path: string, required: readonly string[]): Promise<void> {
  const lines = readLines(path);
  const { value } = await lines.next();
  await lines.return(undefined);
  parseHeader(path, value?.text, required);
}

function cellsOf(lines: readonly Line[], columns: number): CsvCells {
  const texts: string[] = [];
  for (const { text } of lines) {
    if (text === null) return { reason: `the line is not UTF-8, or longer than ${maxLineBytes} bytes` };
    texts.push(text);
  }
  const cells = splitCells(texts.join('\n'));
  if (cells === 'open' || 'reason' in cells || cells.length === columns) return cells;
  return { reason: `expected ${columns} cells, as the header has, got ${cells.length}` };
}

function parseHeader(path: string, text: string | null | undefined, required: readonly string[]): string[] {
  const file = basename(path);
  if (text === undefined)
    throw new UnusableSourceError(`${file} is empty; expected a header with ${required.join(', ')}`);
  const cells = text === null ? null : splitCells(text);
  if (cells === null || cells === 'open' || 'reason' in cells)
    throw new UnusableSourceError(`${file} does not begin with a CSV header in UTF-8`);
  const columns = cells.map((cell) => cell.trim().toLowerCase());
  const missing = required.filter((name) => !columns.includes(name));
  if (missing.length > 0)
    throw new UnusableSourceError(
      `${file} has no column ${missing.join(', ')}; its header is ${cells.join(', ')}`,
    );
  const repeated = columns.find((name, at) => columns.indexOf(name) !== at);
  if (repeated !== undefined) throw new UnusableSourceError(`${file} has the column ${repeated} twice`);
  return columns;
}

function withPushBack(source: AsyncGenerator<Line>) {
  let waiting: Line[] = [];
  return {
    async next(): Promise<Line | undefined> {
      const [first, ...rest] = waiting;
      if (!first) return (await source.next()).value ?? undefined;
      waiting = rest;
      return first;
    },
    pushBack(lines: readonly Line[]): void {
      waiting = [...lines, ...waiting];
    },
    close: () => source.return(undefined),
  };
}
