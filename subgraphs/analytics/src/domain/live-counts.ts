import type { SecondCounts } from './live-seconds.ts';

/** What was counted in a second that is over. */
export interface SecondOfPlays extends SecondCounts {
  readonly kind: 'STARTED' | 'CHANGED' | 'GAP';
  /** When it began, in seconds since 1970. */
  readonly second: number;
}

export interface AskedPlays {
  /** Null: all. */
  readonly market: string | null;
  /** The second that was told last; null: none was. */
  readonly after: number | null;
  readonly signal: AbortSignal;
}

/** How often a track was played, at one moment. */
export interface PlayCountNow {
  /** `GAP` when there are fewer than there were. */
  readonly kind: 'STARTED' | 'CHANGED' | 'GAP';
  readonly playCount: number;
}

export interface AskedPlayCount {
  /** A UUID. */
  readonly trackId: string;
  /** The count that was told last; null: none was. */
  readonly after: number | null;
  readonly signal: AbortSignal;
}

/** Tells what is counted while it is counted, by whichever process. Each ends when its signal is aborted. */
export interface LiveCounts {
  /** Each second once, in their order. */
  plays(asked: AskedPlays): AsyncGenerator<SecondOfPlays, void>;
  /**
   * Each time that it is another number; one may be left out, the last one never is.
   * @throws NoSuchTrackError also when the track goes meanwhile
   */
  playCount(asked: AskedPlayCount): AsyncGenerator<PlayCountNow, void>;
}

/** There is no such track, or it was deleted. */
export class NoSuchTrackError extends Error {
  constructor(trackId: string) {
    super(`there is no track ${trackId}`);
    this.name = 'NoSuchTrackError';
  }
}
