import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { readCsvRows, UnusableSourceError } from '@medley/csv';
import { createInteractionsBuilder, createKeyIndex } from '../models/index.ts';
import { collectBrokenRows } from './broken-rows.ts';
import { type ReadOptions, rowsBetweenLooks, type Source } from './source.ts';

/**
 * Reads playlists as users of their tracks: `playlists.csv` (playlist_id) and `playlist_tracks.csv` (playlist_id, track_id). A track
 * belongs to a playlist also when it was removed later, since somebody had chosen it for it; it belongs once, also when it was
 * added again.
 * @throws UnusableSourceError when the folder has not these files
 */
export async function readPlaylists(
  folder: string,
  { signal, onProgress }: ReadOptions = {},
): Promise<Source> {
  for (const file of [playlistsFile, membershipsFile]) {
    if (!existsSync(join(folder, file))) throw new UnusableSourceError(`${folder} has no ${file}`);
  }
  const [playlists, tracks, builder] = [createKeyIndex(), createKeyIndex(), createInteractionsBuilder()];
  const broken = collectBrokenRows();
  for await (const row of readCsvRows(join(folder, playlistsFile), ['playlist_id'])) {
    const id = 'cells' in row ? row.cells.get('playlist_id')?.trim() : undefined;
    if (id) playlists.numberOf(id);
    else {
      const reason = 'reason' in row ? row.reason : 'there is no playlist_id';
      broken.add({ file: playlistsFile, line: row.line, reason });
    }
  }
  let rows = 0;
  for await (const row of readCsvRows(join(folder, membershipsFile), ['playlist_id', 'track_id'])) {
    if (row.line % rowsBetweenLooks === 0) {
      signal?.throwIfAborted();
      onProgress?.(`${row.line} lines`);
    }
    if ('reason' in row) {
      broken.add({ file: membershipsFile, line: row.line, reason: row.reason });
      continue;
    }
    const playlist = playlists.find(row.cells.get('playlist_id')?.trim() ?? '');
    const track = row.cells.get('track_id')?.trim();
    if (playlist === undefined || !track) {
      const reason = track ? `there is no such playlist in ${playlistsFile}` : 'there is no track_id';
      broken.add({ file: membershipsFile, line: row.line, reason });
      continue;
    }
    builder.add(playlist, tracks.numberOf(track), 1);
    rows += 1;
  }
  const interactions = builder.build();
  interactions.counts.fill(1);
  return {
    interactions,
    rows,
    broken: broken.rows,
    how: 'playlists as users, tracks as items, removed ones too',
    users: 'playlists',
    items: 'tracks',
  };
}

const playlistsFile = 'playlists.csv';
const membershipsFile = 'playlist_tracks.csv';
