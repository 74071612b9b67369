import { stat } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { checkCsvHeader, readCsvRows, UnusableSourceError } from '@medley/csv';
import type { Precision } from '../domain/provenance.ts';
import { isAudioFeatures, readAudioFeaturesObject } from './audio-features-object.ts';
import { csvFiles } from './csv-catalog.ts';
import type { Described, Reading } from './described.ts';
import { RejectedRowError } from './import-problem.ts';
import { readJsonItems } from './json-items.ts';
import { readTrackObject } from './track-object.ts';

/** A file to import. */
export interface SourceFile {
  readonly name: string;
  readonly bytes: number;
  /** In milliseconds since 1970. */
  readonly modifiedAt: number;
  readonly precision: Precision;
  rows(): AsyncIterable<SourceRow>;
}

export interface SourceRow {
  readonly line: number;
  readonly item?: number;
  readonly bytesRead: number;
  /** @throws RejectedRowError */
  read(reading: Reading): Described;
}

/**
 * Finds the files of a source, in the order in which they are read, and looks at their beginnings.
 * @throws UnusableSourceError
 */
export async function openSource(path: string): Promise<readonly SourceFile[]> {
  const found = await findFile(path);
  if (!found)
    throw new UnusableSourceError(
      `there is nothing at ${path}; expected a folder of CSV files or a JSON file`,
    );
  if (!found.isDirectory()) return [await openJson(path)];
  const there: (typeof csvFiles)[number][] = [];
  const missing: string[] = [];
  for (const file of csvFiles)
    if ((await findFile(join(path, file.name)))?.isFile()) there.push(file);
    else if (!file.optional) missing.push(file.name);
  if (missing.length > 0) throw new UnusableSourceError(`${path} has no ${missing.join(', ')}`);
  return Promise.all(there.map((file) => openCsv(join(path, file.name), file)));
}

async function openCsv(
  path: string,
  { name, required, read }: (typeof csvFiles)[number],
): Promise<SourceFile> {
  await checkCsvHeader(path, required);
  return {
    ...(await describeFile(path)),
    name,
    precision: 'listed',
    async *rows() {
      for await (const row of readCsvRows(path, required))
        yield {
          line: row.line,
          bytesRead: row.bytesRead,
          read: (reading) => ('cells' in row ? read(row.cells, reading) : refuse(row.reason)),
        };
    },
  };
}

async function openJson(path: string): Promise<SourceFile> {
  // Reads the beginning, which must be that of an array.
  const items = readJsonItems(path);
  await items.next();
  await items.return(undefined);
  return {
    ...(await describeFile(path)),
    name: basename(path),
    precision: 'described',
    async *rows() {
      for await (const item of readJsonItems(path))
        yield {
          line: item.line,
          item: item.item,
          bytesRead: item.bytesRead,
          read: (reading) => ('value' in item ? readItem(item.value, reading) : refuse(item.reason)),
        };
    },
  };
}

function readItem(value: unknown, reading: Reading): Described {
  return isAudioFeatures(value) ? readAudioFeaturesObject(value, reading) : readTrackObject(value, reading);
}

function refuse(reason: string): never {
  throw new RejectedRowError(reason);
}

async function describeFile(path: string) {
  const { size, mtimeMs } = await stat(path);
  return { bytes: size, modifiedAt: Math.floor(mtimeMs) };
}

async function findFile(path: string) {
  try {
    return await stat(path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}
