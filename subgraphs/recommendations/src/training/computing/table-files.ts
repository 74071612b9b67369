import { mkdir, open, readdir, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { asyncBufferFromFile, type FileMetaData, parquetMetadataAsync, parquetRead } from 'hyparquet';
import { fileWriter, ParquetWriter } from 'hyparquet-writer';

/** The columns of a table by name, in order. */
export type Columns = Readonly<Record<string, 'INT32' | 'FLOAT'>>;

/** Some rows of a table, all columns of one length. */
export type Rows<Of extends Columns> = {
  readonly [Name in keyof Of]: Of[Name] extends 'INT32' ? Int32Array : Float32Array;
};

export const interactionColumns = { user: 'INT32', item: 'INT32', count: 'FLOAT' } as const satisfies Columns;
export const neighbourColumns = {
  item: 'INT32',
  other: 'INT32',
  similarity: 'FLOAT',
} as const satisfies Columns;

/** `item`, `f0`, `f1` … */
export type FactorColumns = { readonly item: 'INT32' } & { readonly [factor: `f${number}`]: 'FLOAT' };
export const factorColumns = (rank: number): FactorColumns => ({
  item: 'INT32',
  ...Object.fromEntries(Array.from({ length: rank }, (_, place) => [`f${place}`, 'FLOAT'] as const)),
});

/** A table is not what it is said to be. */
export class TableError extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'TableError';
  }
}

/**
 * Writes a table, which is there in whole or not at all, in place of one that is there.
 * @param write gets how to append rows: some ten thousand at once, as each call makes a row group
 */
export async function writeTable<Of extends Columns>(
  folder: string,
  columns: Of,
  write: (append: (rows: Rows<Of>) => void) => Promise<void> | void,
): Promise<void> {
  const aside = `${folder}.aside`;
  await rm(aside, { recursive: true, force: true });
  await mkdir(aside, { recursive: true });
  await writeTableFile(join(aside, 'part-0.parquet'), columns, write);
  await rm(folder, { recursive: true, force: true });
  await rename(aside, folder);
}

/** Writes a file of a table, which is there in whole or not at all. */
export async function writeTableFile<Of extends Columns>(
  path: string,
  columns: Of,
  write: (append: (rows: Rows<Of>) => void) => Promise<void> | void,
): Promise<void> {
  // Hidden: who reads the folder passes it over.
  const aside = join(path, '..', `.${path.slice(path.lastIndexOf('/') + 1)}`);
  const names = Object.keys(columns);
  const writer = new ParquetWriter({
    writer: fileWriter(aside),
    schema: [
      { name: 'root', num_children: names.length },
      ...names.map((name) => ({ name, type: columns[name], repetition_type: 'REQUIRED' as const })),
    ],
    // Ids of items that go with each other hardly repeat: compressing costs more than reading.
    codec: 'UNCOMPRESSED',
    statistics: false,
  });
  await write((rows) => {
    const length = rows[names[0] as string]?.length ?? 0;
    const columnData = names.map((name) => ({ name, data: rows[name] as Int32Array, encoding }));
    if (length > 0) void writer.write({ columnData, rowGroupSize: length });
  });
  await writer.finish();
  const file = await open(aside, 'r+');
  await file.sync().finally(() => file.close());
  await rename(aside, path);
}

const encoding = 'PLAIN' as const;

/**
 * The rows of a table in its order, a row group at a time.
 * @throws TableError when a file lacks one of these columns, or has another type in it
 */
export async function* readTable<Of extends Columns>(folder: string, columns: Of): AsyncGenerator<Rows<Of>> {
  const files = (await readdir(folder)).filter((name) => /^[^._].*\.parquet$/.test(name)).sort();
  for (const name of files) {
    const path = join(folder, name);
    const file = await asyncBufferFromFile(path);
    const metadata = await parquetMetadataAsync(file);
    checkColumns(path, metadata, columns);
    let rowStart = 0;
    for (const group of metadata.row_groups) {
      const rowEnd = rowStart + Number(group.num_rows);
      if (rowEnd > rowStart) yield await readRows({ file, metadata, rowStart, rowEnd }, columns);
      rowStart = rowEnd;
    }
  }
}

async function readRows<Of extends Columns>(
  range: Pick<Parameters<typeof parquetRead>[0], 'file' | 'metadata'> & { rowStart: number; rowEnd: number },
  columns: Of,
): Promise<Rows<Of>> {
  const length = range.rowEnd - range.rowStart;
  const rows: Record<string, Int32Array | Float32Array> = {};
  for (const [name, type] of Object.entries(columns))
    rows[name] = type === 'INT32' ? new Int32Array(length) : new Float32Array(length);
  await parquetRead({
    ...range,
    columns: Object.keys(columns),
    onChunk: ({ columnName, columnData, rowStart }) =>
      rows[columnName]?.set(columnData as unknown as ArrayLike<number>, rowStart - range.rowStart),
  });
  return rows as Rows<Of>;
}

function checkColumns(path: string, { schema }: FileMetaData, columns: Columns): void {
  for (const [name, type] of Object.entries(columns)) {
    const found = schema.find((element) => element.name === name);
    if (found?.type !== type)
      throw new TableError(
        `${path}: expected a column ${name} of ${type}, got ${found?.type ?? 'no such column'}`,
      );
  }
}
