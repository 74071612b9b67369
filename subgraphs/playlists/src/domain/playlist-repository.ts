import type { Operation } from './operation.ts';
import type { Playlist, PlaylistItem } from './playlist.ts';
import type { PlaylistState } from './playlist-state.ts';
import type { Gap } from './position.ts';
import type { Revisions } from './snapshot.ts';

/** Where items go in a playlist. */
export type Place =
  | { readonly at: 'START' | 'END' }
  | { readonly afterItemId: string }
  | { readonly beforeItemId: string };

/** What is known of a playlist while its row is locked: nobody else changes it meanwhile. */
export interface LockedPlaylist {
  /** With all its collaborators, and without items. */
  readonly state: PlaylistState;
  readonly itemCount: number;
  /** Up to which operation of each replica they are no longer remembered. */
  readonly compacted: Revisions;
  /** The operation with this id, of whichever playlist; null when none is remembered. */
  findOperation(id: string): Promise<Operation | null>;
  /**
   * The gap at a place: between an item that is there and its neighbour. An item that was removed still marks its place;
   * one that is not known stands at the end.
   * @param ignoring items that are about to leave their places
   */
  findGap(place: Place, ignoring: readonly string[]): Promise<Gap>;
  /** Which items are there that had been added by then. */
  findSeenItemIds(seen: Revisions): Promise<readonly string[]>;
  /** The items that are there, in their order. */
  findItemIds(): Promise<readonly string[]>;
}

/** A page of the items of a playlist; the sort key is [position, id]. */
export interface ItemPage {
  readonly limit: number;
  readonly direction: 'forward' | 'backward';
  readonly after: SortKey | null;
  readonly before: SortKey | null;
}
export type SortKey = readonly (string | number | boolean | null)[];

/** What was found for a page, as `toConnection` takes it. */
export interface ItemSlice {
  readonly rows: readonly PlaylistItem[];
  readonly hasRowsAtAfter: boolean;
  readonly hasRowsAtBefore: boolean;
}

/** The playlists. Everything is read in sets: one call is one statement. Ids are UUIDs. */
export interface PlaylistRepository {
  /**
   * Those that were created and not deleted, in any order, private ones too: who may see them is for `maySee` to say.
   * @param viewerId of the account that asks; null when nobody is signed in
   */
  findByIds(ids: readonly string[], viewerId: string | null): Promise<readonly Playlist[]>;
  /**
   * The same page of the items of each.
   * @param playlistIds distinct
   * @returns one slice per playlist, in their order
   */
  findItemPages(page: ItemPage, playlistIds: readonly string[]): Promise<readonly ItemSlice[]>;
  /** Those of these items that are there, in any order. */
  findItems(playlistId: string, itemIds: readonly string[]): Promise<readonly PlaylistItem[]>;
  /** Who else edits each, the first first: UUIDs of accounts by the id of the playlist. */
  findCollaborators(playlistIds: readonly string[]): Promise<ReadonlyMap<string, readonly string[]>>;
  /** The first different albums among the first items, at most four: their UUIDs by the id of the playlist. */
  findCoverAlbums(playlistIds: readonly string[]): Promise<ReadonlyMap<string, readonly string[]>>;
  /**
   * Changes one playlist, in one transaction that holds its row: the operation that `work` decides on is appended and
   * merged, or nothing happens.
   * @param begins whether the playlist may be new; otherwise `work` gets null for one that is not known
   * @throws OperationIdTakenError when an operation with this id came in between, on another playlist
   */
  change<Result>(
    playlistId: string,
    { begins }: { begins: boolean },
    work: (locked: LockedPlaylist | null) => Promise<{ operation: Operation | null; result: Result }>,
  ): Promise<Result>;
  /**
   * Merges operations that were accepted elsewhere, each in one transaction; those that are merged already change nothing.
   * Those of one replica must come in its order.
   */
  merge(operations: readonly Operation[]): Promise<void>;
  /** @throws when the database does not answer */
  ping(): Promise<void>;
}

/** Two edits used one id for operations on two playlists at once. */
export class OperationIdTakenError extends Error {
  constructor(id: string) {
    super(`an operation with the id ${id} was accepted meanwhile`);
    this.name = 'OperationIdTakenError';
  }
}
