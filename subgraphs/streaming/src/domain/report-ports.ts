import type { PlayEvent } from './play-event.ts';

/** A play and the hash of what the client told of it. */
export interface HashedPlay {
  readonly play: PlayEvent;
  readonly contentHash: string;
}

/** Where plays are now. */
export type KeptPlays =
  | {
      /** The log has them. */
      readonly kept: 'STORED';
      /** Names the place of the last of them, for who waits until it was taken into account; null where there is none. */
      readonly position: string | null;
    }
  /** `DEFERRED`: the disk of this server has them, and they go to the log when it is back. `REFUSED`: nobody has them. */
  | { readonly kept: 'DEFERRED' | 'REFUSED' };

/** Port to where plays are kept for those who make something of them. */
export interface PlayLog {
  /** Keeps all of them, or none. Never rejects, and takes no longer than a client may wait. */
  append(plays: readonly HashedPlay[]): Promise<KeptPlays>;
}

/** Port to what was stored during the last hour. It saves work and may forget anything: whoever counts plays goes by their ids. */
export interface RecentReports {
  /** The hash of what is stored under each id, in their order; null where none is known, or it cannot be told. Never rejects. */
  find(userId: string, ids: readonly string[]): Promise<readonly (string | null)[]>;
  /** For plays that are `STORED`. Never waits, never throws. */
  remember(plays: readonly HashedPlay[]): void;
}
