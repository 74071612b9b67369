import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { type CsvRow, checkCsvHeader, readCsvRows, UnusableSourceError } from '@medley/csv';
import { membershipColumns, playlistColumns } from './read-rows.ts';

/** A file of a source. */
export interface SourceFile {
  readonly name: string;
  readonly bytes: number;
  rows(): AsyncIterable<CsvRow>;
}

/** The files of a source. */
export interface SourceFolder {
  readonly playlists: SourceFile;
  readonly memberships: SourceFile;
  /** Tells the albums of tracks; null when there is none. */
  readonly tracks: SourceFile | null;
}

/**
 * Finds the files of a source and looks at their headers.
 * @throws UnusableSourceError
 */
export async function openFolder(path: string): Promise<SourceFolder> {
  const folder = await find(path);
  if (!folder?.isDirectory())
    throw new UnusableSourceError(`there is no folder at ${path}; expected one with ${names.join(' and ')}`);
  const files = await Promise.all(names.map((name) => find(join(path, name))));
  const missing = names.filter((_, index) => !files[index]?.isFile());
  if (missing.length > 0) throw new UnusableSourceError(`${path} has no ${missing.join(', ')}`);
  return {
    playlists: await open(path, 'playlists.csv', playlistColumns),
    memberships: await open(path, 'playlist_tracks.csv', membershipColumns),
    tracks: (await find(join(path, 'tracks.csv')))?.isFile()
      ? await open(path, 'tracks.csv', ['track_id', 'album_id'])
      : null,
  };
}

const names = ['playlists.csv', 'playlist_tracks.csv'] as const;

async function open(folder: string, name: string, required: readonly string[]): Promise<SourceFile> {
  const path = join(folder, name);
  await checkCsvHeader(path, required);
  const { size } = await stat(path);
  return { name, bytes: size, rows: () => readCsvRows(path, required) };
}

async function find(path: string) {
  try {
    return await stat(path);
  } catch (error) {
    if (['ENOENT', 'ENOTDIR'].includes((error as NodeJS.ErrnoException).code ?? '')) return undefined;
    throw error;
  }
}
