import type { Operation } from './operation.ts';

/** What services follow. Positions are opaque; `0` is the beginning. */
export interface PlaylistFeed {
  /**
   * Which playlists changed after this position, oldest first.
   * @param limit 1 to 1,000
   */
  changesSince(position: string, limit: number): Promise<readonly PlaylistChange[]>;
  /** The position of the last change. */
  lastPosition(): Promise<string>;
  /**
   * The operations that this replica has, its own and those of others, in the order in which it got them.
   * @param limit 1 to 1,000
   */
  operationsSince(position: string, limit: number): Promise<readonly PositionedOperation[]>;
  /** Those that everybody may find, in any order. */
  findPublic(ids: readonly string[]): Promise<readonly PublicPlaylist[]>;
  /**
   * All that everybody may find, by id.
   * @param id of the last one that is known, a UUID; null to begin
   */
  findPublicAfter(id: string | null, limit: number): Promise<readonly PublicPlaylist[]>;
}

export interface PlaylistChange {
  readonly position: string;
  /** UUID */
  readonly playlistId: string;
  readonly time: Date;
}

export interface PositionedOperation {
  readonly position: string;
  readonly operation: Operation;
}

/** What search keeps of a playlist. */
export interface PublicPlaylist {
  /** UUID */
  readonly id: string;
  readonly name: string;
  readonly description: string | null;
  readonly followerCount: number;
}
