import type { CsvRow } from '@medley/csv';
import { type ImportProblem, RejectedRowError } from './import-problem.ts';
import type { SourceFile, SourceFolder } from './open-folder.ts';
import { type PlaylistRow, readMembershipRow, readPlaylistRow } from './read-rows.ts';

/** A playlist of a source, with the tracks that are in it now. */
export interface ReadPlaylist extends PlaylistRow {
  /** Of its row in playlists.csv. */
  readonly line: number;
  /** The first day that anything was in it; null when nothing ever was. */
  readonly firstAdded: Date | null;
  /** By when they were added, then as the source has them; each track once. */
  readonly tracks: readonly ReadTrack[];
}

export interface ReadTrack {
  /** As the source has it. */
  readonly trackId: string;
  /** Null when the source does not tell. */
  readonly albumId: string | null;
  readonly added: Date;
}

export interface ReadingOptions {
  readonly onRow: (file: SourceFile, row: CsvRow) => void;
  readonly onReject: (problem: ImportProblem) => void;
  readonly onWarning: (problem: ImportProblem) => void;
  readonly signal?: AbortSignal | undefined;
}

/**
 * Reads a source whole: what is in its playlists now fits into memory, some 200 bytes for each track of each, whereas
 * rows of one playlist may stand anywhere.
 * @returns null when it was interrupted
 */
export async function readSource(
  folder: SourceFolder,
  options: ReadingOptions,
): Promise<ReadPlaylist[] | null> {
  const playlists = new Map<string, Gathered>();
  const rejectedIds = new Map<string, number>();

  const readPlaylists = readRows(folder.playlists, options, (cells, line, warn) => {
    const id = cells.get('playlist_id')?.trim() ?? '';
    try {
      const earlier = playlists.get(id)?.line ?? rejectedIds.get(id);
      if (earlier !== undefined) throw new RejectedRowError(`playlist ${id} is on line ${earlier} already`);
      playlists.set(id, { ...readPlaylistRow(cells, warn), line, firstAdded: null, there: new Map() });
    } catch (error) {
      if (!playlists.has(id) && !rejectedIds.has(id)) rejectedIds.set(id, line);
      throw error;
    }
  });
  if (!(await readPlaylists)) return null;

  const readMemberships = readRows(folder.memberships, options, (cells, line, warn) => {
    const { playlistId, trackId, added, removed } = readMembershipRow(cells);
    const playlist = playlists.get(playlistId);
    if (!playlist) {
      const rejectedAt = rejectedIds.get(playlistId);
      throw new RejectedRowError(
        rejectedAt === undefined
          ? `${folder.playlists.name} has no playlist ${playlistId}`
          : `playlist ${playlistId} was rejected: ${folder.playlists.name}:${rejectedAt}`,
      );
    }
    if (!playlist.firstAdded || added < playlist.firstAdded) playlist.firstAdded = added;
    if (removed) return;
    const known = playlist.there.get(trackId);
    if (known) warn(`track ${trackId} is in playlist ${playlistId} twice; taken once, as it was added first`);
    if (!known || added < known.added) playlist.there.set(trackId, { added, line });
  });
  if (!(await readMemberships)) return null;

  const albumIds = new Map<string, string>();
  if (folder.tracks) {
    const needed = new Set([...playlists.values()].flatMap(({ there }) => [...there.keys()]));
    // Nothing of this file is imported, so what is wrong in it is not ours to tell.
    const quiet = { ...options, onReject: () => {} };
    const readAlbums = readRows(folder.tracks, quiet, (cells) => {
      const [trackId = '', albumId = ''] = [cells.get('track_id')?.trim(), cells.get('album_id')?.trim()];
      if (needed.has(trackId) && albumId !== '') albumIds.set(trackId, albumId);
    });
    if (!(await readAlbums)) return null;
  }
  return [...playlists.values()].map(({ there, ...playlist }) => ({
    ...playlist,
    tracks: [...there]
      .sort(([, one], [, other]) => one.added.getTime() - other.added.getTime() || one.line - other.line)
      .map(([trackId, { added }]) => ({ trackId, albumId: albumIds.get(trackId) ?? null, added })),
  }));
}

interface Gathered extends PlaylistRow {
  readonly line: number;
  firstAdded: Date | null;
  /** By the source's id of the track. */
  readonly there: Map<string, { readonly added: Date; readonly line: number }>;
}

/** @returns whether it came to the end */
async function readRows(
  file: SourceFile,
  { onRow, onReject, onWarning, signal }: ReadingOptions,
  read: (cells: ReadonlyMap<string, string>, line: number, warn: (reason: string) => void) => void,
): Promise<boolean> {
  for await (const row of file.rows()) {
    if (signal?.aborted) return false;
    const place = { file: file.name, line: row.line };
    try {
      if (!('cells' in row)) throw new RejectedRowError(row.reason);
      read(row.cells, row.line, (reason) => onWarning({ ...place, reason }));
    } catch (error) {
      if (!(error instanceof RejectedRowError)) throw error;
      onReject({ ...place, reason: error.message });
    }
    onRow(file, row);
  }
  return true;
}
