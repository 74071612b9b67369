import { decodeId, importedUuid } from '@medley/ids';
import type { PlaylistWriter, SourcePlaylist } from '../domain/playlist-writer.ts';
import type { ImportRequest } from './import-arguments.ts';
import type { ImportProblem } from './import-problem.ts';
import { openFolder } from './open-folder.ts';
import { type ReadPlaylist, readSource } from './read-source.ts';

export interface ImportOptions extends ImportRequest {
  readonly writer: PlaylistWriter;
  readonly onProgress?: (progress: ImportProgress) => void;
  /** A row that was left out; of a playlist its row in playlists.csv. */
  readonly onReject?: (problem: ImportProblem) => void;
  /** A row that went in, but not as it stands in the source. */
  readonly onWarning?: (problem: ImportProblem) => void;
  /** Ends the import after the playlist at hand. */
  readonly signal?: AbortSignal;
}

/** First the source is read whole, then its playlists are written one by one. */
export interface ImportProgress {
  readonly stage: 'READING' | 'WRITING';
  /** Of `total`: bytes while reading, playlists while writing. */
  readonly done: number;
  readonly total: number;
  readonly rowsRead: number;
  readonly playlistsWritten: number;
  /** Of this stage; null as long as it cannot be told. */
  readonly remainingMs: number | null;
}

export interface ImportResult {
  readonly rowsRead: number;
  /** Rows that were left out. An import with such rows did not fail, but it is not complete either. */
  readonly rejected: number;
  /** Warnings about rows that went in. */
  readonly warnings: number;
  readonly playlists: { readonly added: number; readonly changed: number; readonly unchanged: number };
  readonly items: {
    readonly added: number;
    readonly removed: number;
    /** Somebody removed them here: they stay removed. */
    readonly leftOut: number;
  };
  /** Ended by its signal: run again, and the rest goes in. */
  readonly interrupted: boolean;
  readonly durationMs: number;
}

const rowsBetweenReports = 5_000;

/**
 * Brings the playlists of a source in, as public playlists of one account, each with what is in it now. Running it again
 * changes nothing where the source is the same, and picks up what has changed where it is not: so an import that was cut
 * off anywhere is completed by running it again.
 * @throws UnusableSourceError before anything is written, when the source is not what it should be
 */
export async function importPlaylists(options: ImportOptions): Promise<ImportResult> {
  const { source, writer, namespace, onProgress, signal } = options;
  const ownerId = decodeId(options.owner, 'user');
  const startedAt = performance.now();
  const counts = { rowsRead: 0, rejected: 0, warnings: 0 };
  const playlists = { added: 0, changed: 0, unchanged: 0 };
  const items = { added: 0, removed: 0, leftOut: 0 };
  let written = 0;
  const reject = (problem: ImportProblem) => {
    counts.rejected += 1;
    options.onReject?.(problem);
  };
  const createReport = (stage: ImportProgress['stage'], total: number) => {
    const stageStartedAt = performance.now();
    return (done: number) => {
      const remainingMs = done > 0 ? ((performance.now() - stageStartedAt) * (total - done)) / done : null;
      onProgress?.({ stage, done, total, rowsRead: counts.rowsRead, playlistsWritten: written, remainingMs });
    };
  };

  const folder = await openFolder(source);
  const files = [folder.playlists, folder.memberships, ...(folder.tracks ? [folder.tracks] : [])];
  const reportReading = createReport('READING', sumOf(files));
  const read = await readSource(folder, {
    signal,
    onReject: reject,
    onWarning(problem) {
      counts.warnings += 1;
      options.onWarning?.(problem);
    },
    onRow(file, { bytesRead }) {
      if (file !== folder.tracks) counts.rowsRead += 1;
      if (counts.rowsRead % rowsBetweenReports === 0)
        reportReading(sumOf(files.slice(0, files.indexOf(file))) + bytesRead);
    },
  });

  const reportWriting = createReport('WRITING', read?.length ?? 0);
  for (const playlist of read ?? []) {
    if (signal?.aborted) break;
    const result = await writer.write(toSourcePlaylist(playlist, { ownerId, namespace }));
    items.added += result.added;
    items.removed += result.removed;
    items.leftOut += result.leftOut;
    if (result.outcome === 'REFUSED')
      reject({
        file: folder.playlists.name,
        line: playlist.line,
        reason: `playlist ${playlist.sourceId}: ${result.reason}`,
      });
    else playlists[outcomes[result.outcome]] += 1;
    written += 1;
    reportWriting(written);
  }
  return {
    ...counts,
    playlists,
    items,
    interrupted: signal?.aborted ?? false,
    durationMs: Math.round(performance.now() - startedAt),
  };
}

function toSourcePlaylist(
  { sourceId, name, description, firstAdded, tracks }: ReadPlaylist,
  { ownerId, namespace }: { ownerId: string; namespace: string },
): SourcePlaylist {
  return {
    id: importedUuid(namespace, 'playlist', sourceId),
    ownerId,
    name,
    description,
    createdAt: firstAdded ?? new Date(),
    items: tracks.map(({ trackId, albumId, added }) => ({
      // With the day, so that a track that was removed and added again is another item.
      id: importedUuid(namespace, 'item', `${sourceId}:${trackId}:${added.toISOString()}`),
      trackId: importedUuid(namespace, 'track', trackId),
      albumId: albumId === null ? null : importedUuid(namespace, 'album', albumId),
      addedAt: added,
    })),
  };
}

const outcomes = { ADDED: 'added', CHANGED: 'changed', UNCHANGED: 'unchanged' } as const;

const sumOf = (files: readonly { readonly bytes: number }[]) =>
  files.reduce((sum, { bytes }) => sum + bytes, 0);
