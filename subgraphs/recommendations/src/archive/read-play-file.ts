import { type FileMetaData, parquetMetadataAsync, parquetReadObjects } from 'hyparquet';
import { compressors } from 'hyparquet-compressors';
import { ArchiveUnavailableError, type OpenArchiveFile } from '../domain/archive-store.ts';
import type { ArchivedPlay } from '../domain/archived-play.ts';
import { type ColumnType, type PlayColumn, playColumns } from './play-columns.ts';

/** What cannot be read. */
export interface BrokenPlay {
  /** Its place in the file, from 0; the first of several where `rows` is more than 1; null: nothing of the file can be read. */
  readonly row: number | null;
  /** How many rows are left out; null when that is not known. */
  readonly rows: number | null;
  /** For people, in English. */
  readonly reason: string;
}

/** What is read of a file at a time, at most, unpacked: a foreign file with larger groups is not read. */
const maxGroupBytes = 512 * 1_048_576;

/** The plays of a file, a row group at a time. */
export async function* readPlayFile<const Field extends keyof ArchivedPlay>(
  file: OpenArchiveFile,
  options: { readonly fields: readonly Field[]; readonly onBroken: (broken: BrokenPlay) => void },
): AsyncGenerator<Pick<ArchivedPlay, Field>[]> {
  const { onBroken } = options;
  const metadata = await orBroken(() => parquetMetadataAsync(file), { row: null, rows: null }, onBroken);
  if (!metadata) return;
  const named = namesIn(metadata);
  const wanted = playColumns.filter(({ field }) => options.fields.includes(field as Field));
  const missing = wanted.filter(({ name, nullable }) => !nullable && !named.has(name));
  if (missing.length > 0) {
    const reason = `it has no column ${missing.map(({ name }) => name).join(', ')}`;
    return onBroken({ row: null, rows: Number(metadata.num_rows), reason });
  }
  // One that is missing was not written yet in those days.
  const columns = wanted.filter(({ name }) => named.has(name)).map(({ name }) => name);

  let rowStart = 0;
  for (const { num_rows, total_byte_size } of metadata.row_groups) {
    const rows = Number(num_rows);
    const rowEnd = rowStart + rows;
    const place = { row: rowStart, rows };
    if (total_byte_size > maxGroupBytes)
      onBroken({ ...place, reason: `a row group of ${total_byte_size} bytes is too large to be read` });
    else {
      const read = () => parquetReadObjects({ file, metadata, columns, rowStart, rowEnd, compressors });
      const group = await orBroken(read, place, onBroken);
      if (group) yield toPlays<Field>(group, { wanted, rowStart, onBroken });
    }
    rowStart = rowEnd;
  }
}

const namesIn = ({ schema }: FileMetaData): ReadonlySet<string> =>
  new Set(schema.slice(1).map(({ name }) => name));

/** What is wrong with the file is told; that the archive does not answer is not the file's fault. */
async function orBroken<Read>(
  read: () => Promise<Read>,
  place: Pick<BrokenPlay, 'row' | 'rows'>,
  onBroken: (broken: BrokenPlay) => void,
): Promise<Read | null> {
  try {
    return await read();
  } catch (error) {
    if (error instanceof ArchiveUnavailableError) throw error;
    onBroken({ ...place, reason: error instanceof Error ? error.message : String(error) });
    return null;
  }
}

function toPlays<Field extends keyof ArchivedPlay>(
  rows: readonly Readonly<Record<string, unknown>>[],
  options: {
    readonly wanted: readonly PlayColumn[];
    readonly rowStart: number;
    readonly onBroken: (broken: BrokenPlay) => void;
  },
): Pick<ArchivedPlay, Field>[] {
  const { wanted, rowStart, onBroken } = options;
  const plays: Pick<ArchivedPlay, Field>[] = [];
  for (const [index, row] of rows.entries()) {
    const play: Record<string, unknown> = {};
    let wrong: PlayColumn | null = null;
    for (const column of wanted) {
      const value = row[column.name] ?? null;
      if (value === null ? !column.nullable : !isOfType[column.type](value)) wrong ??= column;
      play[column.field] = value;
    }
    if (wrong) {
      const reason = `${wrong.name} is ${describe(row[wrong.name])}, expected ${expected[wrong.type]}`;
      onBroken({ row: rowStart + index, rows: 1, reason });
    } else plays.push(play as unknown as Pick<ArchivedPlay, Field>);
  }
  return plays;
}

const isOfType: Readonly<Record<ColumnType, (value: unknown) => boolean>> = {
  text: (value) => typeof value === 'string' && value !== '',
  time: (value) => value instanceof Date && !Number.isNaN(value.getTime()),
  integer: (value) => Number.isSafeInteger(value) && (value as number) >= 0,
  boolean: (value) => typeof value === 'boolean',
};
const expected: Readonly<Record<ColumnType, string>> = {
  text: 'a text',
  time: 'a time',
  integer: 'a whole number from 0 on',
  boolean: 'true or false',
};
const describe = (value: unknown): string => {
  if (value === null || value === undefined) return 'missing';
  return typeof value === 'string' ? JSON.stringify(value.slice(0, 60)) : String(value);
};
