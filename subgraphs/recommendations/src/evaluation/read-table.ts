import { createReadStream } from 'node:fs';
import { basename } from 'node:path';
import { readCsvRecords, UnusableSourceError } from '@medley/csv';
import { createInteractionsBuilder, createKeyIndex, findFaultOfCount } from '../models/index.ts';
import { collectBrokenRows } from './broken-rows.ts';
import { type ReadOptions, rowsBetweenLooks, type Source } from './source.ts';
import { findColumns, findSeparator, type TableColumns } from './table-columns.ts';

export interface TableOptions extends ReadOptions {
  /** Whether the first row has names. Default `guess`. */
  readonly header?: 'yes' | 'no' | 'guess';
}

/**
 * Reads a table of user, item and count: separated by tabs, semicolons or commas, with or without header, quotes and counts. An empty
 * count is one play; plays of the same pair are summed.
 * @throws UnusableSourceError when it is no such table, or not there
 */
export async function readTable(
  path: string,
  { header = 'guess', signal, onProgress }: TableOptions = {},
): Promise<Source> {
  const file = basename(path);
  const separator = findSeparator(await readFirstLine(path));
  const [users, items, builder] = [createKeyIndex(), createKeyIndex(), createInteractionsBuilder()];
  const broken = collectBrokenRows();
  let columns: TableColumns | undefined;
  let rows = 0;
  for await (const record of readCsvRecords(path, { separator })) {
    const { line } = record;
    if (line % rowsBetweenLooks === 0) {
      signal?.throwIfAborted();
      onProgress?.(`${line} lines`);
    }
    if ('reason' in record) {
      broken.add({ file, line, reason: record.reason });
      continue;
    }
    if (!columns) {
      const found = findColumns(record.cells, header);
      if ('reason' in found) throw new UnusableSourceError(`${file}: ${found.reason}`);
      columns = found;
      if (columns.names) continue;
    }
    const play = parsePlay(record.cells, columns);
    if ('reason' in play) {
      broken.add({ file, line, reason: play.reason });
      continue;
    }
    builder.add(users.numberOf(play.user), items.numberOf(play.item), play.count);
    rows += 1;
  }
  if (!columns) throw new UnusableSourceError(`${file} is empty; expected rows of user, item and count`);
  return {
    interactions: builder.build(),
    rows,
    broken: broken.rows,
    how: describe(columns, separator),
    users: 'users',
    items: 'items',
  };
}

function parsePlay(
  cells: readonly string[],
  columns: TableColumns,
): { user: string; item: string; count: number } | { reason: string } {
  const [user, item] = [cells[columns.user]?.trim(), cells[columns.item]?.trim()];
  if (!user) return { reason: 'there is no user' };
  if (!item) return { reason: 'there is no item' };
  const text = columns.count === null ? '' : (cells[columns.count]?.trim() ?? '');
  const count = text === '' ? 1 : Number(text);
  const fault = findFaultOfCount(count);
  if (fault) return { reason: Number.isNaN(count) ? `${JSON.stringify(text)} is no count` : fault };
  return { user, item, count };
}

function describe({ user, item, count, names }: TableColumns, separator: string): string {
  const name = (column: number) => (names ? `"${names[column]}"` : `column ${column + 1}`);
  const between = { '\t': 'tabs', ';': 'semicolons', ',': 'commas' }[separator];
  const plays = count === null ? 'every row is one play' : `count = ${name(count)}`;
  return `${between}, ${names ? 'a header' : 'no header'}: user = ${name(user)}, item = ${name(item)}, ${plays}`;
}

/** The beginning of the file, up to the first end of a line that is not empty. */
async function readFirstLine(path: string): Promise<string> {
  try {
    for await (const chunk of createReadStream(path, { encoding: 'utf8', end: 65_535 })) {
      return String(chunk).trimStart().split(/\r?\n/, 1)[0] ?? '';
    }
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    throw new UnusableSourceError(`${path} cannot be read: ${code ?? (error as Error).message}`);
  }
  return '';
}
