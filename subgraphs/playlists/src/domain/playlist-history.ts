import type { Operation } from './operation.ts';
import type { Playlist } from './playlist.ts';
import type { Revisions } from './snapshot.ts';

/** A playlist whoever asks for it: created, and not deleted; private ones too. */
export interface SharedPlaylist extends Omit<Playlist, 'role'> {
  /** UUIDs of those who edit it with its owner. */
  readonly collaboratorIds: readonly string[];
}

/** Some operations of one playlist. */
export interface OperationRange {
  /** UUID */
  readonly playlistId: string;
  /** Those that are not in these revisions, */
  readonly since: Revisions;
  /** but in these. */
  readonly until: Revisions;
}

/** An operation as it came into this database. */
export interface MergedOperation {
  readonly operation: Operation;
  /** Whether the same edit, taken by another replica, came before it: it was sent to both. */
  readonly repeats: boolean;
}

/** Port to how playlists are and what was done to them, for who follows them. */
export interface PlaylistHistory {
  /** In any order. */
  findShared(ids: readonly string[]): Promise<readonly SharedPlaylist[]>;
  /** In the order in which they were merged here; fewer than there were where some are forgotten. */
  findOperations(range: OperationRange): Promise<readonly MergedOperation[]>;
}
