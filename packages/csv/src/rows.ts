import { basename } from 'node:path';
import { splitCells } from './cells.ts';
import { readLines } from './lines.ts';
import { toRecords } from './records.ts';
import { UnusableSourceError } from './unusable-source-error.ts';

/** A row of a CSV file, by the names of its columns; or why there is none on that line. */
export type CsvRow = { readonly line: number; readonly bytesRead: number } & (
  | { readonly cells: ReadonlyMap<string, string> }
  | { readonly reason: string }
);

/**
 * Reads a CSV file with a header, row by row. A row that cannot be read costs its first line: reading goes on with the
 * next one, so that a quote left open does not swallow the rest of the file.
 * @param required columns without which the file is of no use
 * @throws UnusableSourceError when the header is not what it should be
 */
export async function* readCsvRows(path: string, required: readonly string[]): AsyncGenerator<CsvRow> {
  const lines = readLines(path);
  try {
    const { value: first } = await lines.next();
    const columns = parseHeader(path, first?.text, required);
    for await (const record of toRecords(lines, { cells: columns.length })) {
      if ('reason' in record) yield record;
      else yield { ...record, cells: new Map(columns.map((name, at) => [name, record.cells[at] ?? ''])) };
    }
  } finally {
    await lines.return(undefined);
  }
}

/** @throws UnusableSourceError when a file has not these columns */
export async function checkCsvHeader(path: string, required: readonly string[]): Promise<void> {
  const lines = readLines(path);
  const { value } = await lines.next();
  await lines.return(undefined);
  parseHeader(path, value?.text, required);
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
