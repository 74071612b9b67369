import { maxDescriptionLength, maxNameLength } from '../domain/limits.ts';
import { RejectedRowError } from './import-problem.ts';
import { cut, toPlainText } from './plain-text.ts';

type Cells = ReadonlyMap<string, string>;

/** A row of playlists.csv. */
export interface PlaylistRow {
  /** As the source has it. */
  readonly sourceId: string;
  readonly name: string;
  readonly description: string | null;
}

/** A row of playlist_tracks.csv: a track that was in a playlist for some time. */
export interface MembershipRow {
  readonly playlistId: string;
  readonly trackId: string;
  readonly added: Date;
  /** Null when it still is. */
  readonly removed: Date | null;
}

export const playlistColumns = ['playlist_id', 'title'] as const;
export const membershipColumns = ['playlist_id', 'track_id', 'added', 'removed'] as const;

/**
 * @param onWarning is told what did not go in as it stands in the source
 * @throws RejectedRowError
 */
export function readPlaylistRow(cells: Cells, onWarning: (reason: string) => void): PlaylistRow {
  const sourceId = readSourceId(cells, 'playlist_id');
  const title = toPlainText(cells.get('title') ?? '');
  const file = toPlainText(cells.get('file') ?? '');
  const name = title || file;
  if (name === '') throw new RejectedRowError('title is empty');
  if (title === '') onWarning(`title is empty; called “${cut(file, maxNameLength)}”, as its file is`);
  const description = toPlainText(cells.get('description') ?? '');
  const shorten = (column: string, text: string, most: number) => {
    const length = [...text].length;
    if (length > most) onWarning(`${column} is ${length} characters long; cut to ${most}`);
    return cut(text, most);
  };
  return {
    sourceId,
    name: shorten('title', name, maxNameLength),
    description: shorten('description', description, maxDescriptionLength) || null,
  };
}

/** @throws RejectedRowError */
export function readMembershipRow(cells: Cells): MembershipRow {
  const playlistId = readSourceId(cells, 'playlist_id');
  const trackId = readSourceId(cells, 'track_id');
  const added = readDate(cells, 'added');
  const removed = cells.get('removed')?.trim() ? readDate(cells, 'removed') : null;
  if (removed && removed < added)
    throw new RejectedRowError(
      `removed must not lie before added, got ${show(cells.get('removed'))} and ${show(cells.get('added'))}`,
    );
  return { playlistId, trackId, added, removed };
}

function readSourceId(cells: Cells, column: string): string {
  const id = cells.get(column)?.trim() ?? '';
  if (id === '') throw new RejectedRowError(`${column} is empty`);
  if (id.length > maxIdLength)
    throw new RejectedRowError(`${column} is ${id.length} characters long; at most ${maxIdLength} are taken`);
  return id;
}

/** A day, which begins in UTC, or a moment, ISO 8601. */
function readDate(cells: Cells, column: string): Date {
  const text = cells.get(column)?.trim() ?? '';
  const [, day] =
    /^(\d{4}-\d{2}-\d{2})(?:T\d{2}:\d{2}(?::\d{2}(?:\.\d+)?)?(?:Z|[+-]\d{2}:\d{2}))?$/.exec(text) ?? [];
  const date = new Date(text);
  // Date takes 31 February for 3 March.
  const exists =
    day !== undefined && !Number.isNaN(date.getTime()) && new Date(day).toISOString().startsWith(day);
  if (!exists || Number(day.slice(0, 4)) < 1000)
    throw new RejectedRowError(`${column} must be a day or a moment (YYYY-MM-DD), got ${show(text)}`);
  return date;
}

const maxIdLength = 200;

const show = (text = '') => JSON.stringify(text.length > 60 ? `${text.slice(0, 57)}...` : text);
