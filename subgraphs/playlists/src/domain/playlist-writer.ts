import type { Revisions } from './snapshot.ts';

/** A playlist as a source outside tells it: what an import brings, or sample data. */
export interface SourcePlaylist {
  /** UUID, the same whenever the source is read. */
  readonly id: string;
  readonly ownerId: string;
  /** Good after `problemsOfName`. */
  readonly name: string;
  /** Good after `problemsOfDescription`. */
  readonly description: string | null;
  readonly createdAt: Date;
  /** In their order, at most 10,000, each `id` once. */
  readonly items: readonly SourceItem[];
  /** Accounts that may edit it too. */
  readonly collaboratorIds?: readonly string[];
}

export interface SourceItem {
  /** UUID, the same whenever the source is read. */
  readonly id: string;
  readonly trackId: string;
  /** Null when the source does not tell. */
  readonly albumId: string | null;
  readonly addedAt: Date;
}

/** What is here of a playlist that a source tells of. */
export interface FoundPlaylist {
  readonly id: string;
  /** Null when it is known, but was never created here. */
  readonly ownerId: string | null;
  readonly name: string | null;
  readonly description: string | null;
  readonly isDeleted: boolean;
  readonly revisions: Revisions;
  /** Items that a source once added, not those of people. */
  readonly items: readonly { readonly id: string; readonly isThere: boolean }[];
  /** Everybody who is or once was one. */
  readonly collaboratorIds: readonly string[];
}

/** What became of one playlist. */
export interface WrittenPlaylist {
  /** `REFUSED`: see `reason`. */
  readonly outcome: 'ADDED' | 'CHANGED' | 'UNCHANGED' | 'REFUSED';
  readonly added: number;
  readonly removed: number;
  /** Items of the source that somebody removed here: they stay removed. */
  readonly leftOut: number;
  /** Why it stays as it is here; null when it was not refused. */
  readonly reason: string | null;
}

/** Port to bring playlists to what a source says. */
export interface PlaylistWriter {
  /**
   * Brings one playlist to what its source says, by operations as people's edits are, at most 1,000 items each; each is one
   * transaction. What people added stays, and so does what they removed; writing the same again changes nothing. When it
   * is cut off, writing again completes it.
   */
  write(playlist: SourcePlaylist): Promise<WrittenPlaylist>;
}
