import type { Playlist } from './playlist.ts';

/** The playlists. Everything is read in sets: one call is one statement. Ids are UUIDs. */
export interface PlaylistRepository {
  /**
   * Those that were created and not deleted, in any order, private ones too: who may see them is for `maySee` to say.
   * @param viewerId of the account that asks; null when nobody is signed in
   */
  findByIds(ids: readonly string[], viewerId: string | null): Promise<readonly Playlist[]>;
  /** @throws when the database does not answer */
  ping(): Promise<void>;
}
