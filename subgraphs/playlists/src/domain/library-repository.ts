import type { LibraryList, LibraryPage, LibrarySlice, SavedKind } from './library.ts';

/**
 * What accounts keep. Ids are UUIDs. Reading is one call, one statement. Changes of one account come one after the other;
 * each is written in one transaction with what others follow (see the README): all of it, or nothing.
 */
export interface LibraryRepository {
  /**
   * Keeps items. The first of `ids` counts as saved first; what is kept already keeps its place.
   * @param ids distinct, at most 100
   * @returns those that there was no room for: an account has at most `maxKept` of a kind
   */
  save(
    userId: string,
    kind: SavedKind,
    ids: readonly string[],
    now: Date,
  ): Promise<{ full: readonly string[] }>;
  /** @param ids at most 100; those that are not kept are no error */
  unsave(userId: string, kind: SavedKind, ids: readonly string[], now: Date): Promise<void>;
  /** Those among them that the account keeps. */
  findSaved(userId: string, kind: SavedKind, ids: readonly string[]): Promise<readonly string[]>;

  /**
   * Follows a playlist, and counts it there; to follow it already is fine.
   * @returns `FULL` when the account follows `maxKept` already, `GONE` when there is no such playlist
   */
  follow(userId: string, playlistId: string, now: Date): Promise<'FOLLOWED' | 'FULL' | 'GONE'>;
  /** Not to follow it is no error. */
  unfollow(userId: string, playlistId: string, now: Date): Promise<void>;
  /** Those among them that the account follows. */
  findFollowed(userId: string, playlistIds: readonly string[]): Promise<readonly string[]>;

  /** A page of the same list of each of these accounts, in their order. */
  findPages(
    list: LibraryList,
    page: LibraryPage,
    userIds: readonly string[],
  ): Promise<readonly LibrarySlice[]>;
}
