import { type CsvCells, splitCells } from './cells.ts';
import { type Line, maxLineBytes, readLines } from './lines.ts';

/** A row of a CSV file by its cells, or why there is none on that line. */
export type CsvRecord = { readonly line: number; readonly bytesRead: number } & (
  | { readonly cells: readonly string[] }
  | { readonly reason: string }
);

export interface RecordFormat {
  /** One character. Default a comma. */
  readonly separator?: string;
  /** How many cells each record must have; without it, any number. */
  readonly cells?: number;
}

// More lines than that are no title with line breaks but a quote that nobody closed.
const maxLinesOfRecord = 50;

/** The records of a file, without a header. As `readCsvRows`, one that cannot be read costs its first line. */
export async function* readCsvRecords(path: string, format: RecordFormat = {}): AsyncGenerator<CsvRecord> {
  const lines = readLines(path);
  try {
    yield* toRecords(lines, format);
  } finally {
    await lines.return(undefined);
  }
}

/** The records of the lines that are left. */
export async function* toRecords(
  source: AsyncGenerator<Line>,
  format: RecordFormat,
): AsyncGenerator<CsvRecord> {
  const lines = withPushBack(source);
  for (let first = await lines.next(); first; first = await lines.next()) {
    if (first.text?.trim() === '') continue;
    const taken = [first];
    let cells = cellsOf(taken, format);
    while (cells === 'open' && taken.length < maxLinesOfRecord) {
      const more = await lines.next();
      if (!more) break;
      taken.push(more);
      cells = cellsOf(taken, format);
    }
    if (cells !== 'open' && !('reason' in cells)) {
      yield { line: first.number, bytesRead: (taken.at(-1) ?? first).bytesRead, cells };
      continue;
    }
    lines.pushBack(taken.slice(1));
    const reason = cells === 'open' || taken.length > 1 ? 'a quote is opened and not closed' : cells.reason;
    yield { line: first.number, bytesRead: first.bytesRead, reason };
  }
}

function cellsOf(lines: readonly Line[], { separator, cells: expected }: RecordFormat): CsvCells {
  const texts: string[] = [];
  for (const { text } of lines) {
    if (text === null) return { reason: `the line is not UTF-8, or longer than ${maxLineBytes} bytes` };
    texts.push(text);
  }
  const cells = splitCells(texts.join('\n'), separator);
  if (cells === 'open' || 'reason' in cells || expected === undefined || cells.length === expected)
    return cells;
  return { reason: `expected ${expected} cells, as the header has, got ${cells.length}` };
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
  };
}
