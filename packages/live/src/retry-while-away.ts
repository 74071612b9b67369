import { pause } from '@medley/event-log';

export interface RetryWhileAwayOptions {
  /** Whether an error tells that what is read is away and will be back by itself; other errors are thrown. */
  readonly isAway: (error: unknown) => boolean;
  /** Told once each time that it goes away. */
  readonly onAway: (error: unknown) => void;
  /** Told when it is back. */
  readonly onBack: () => void;
  /** 1,000 unless told otherwise. */
  readonly retryMs?: number;
}

/**
 * Reads until it succeeds. @returns undefined when the signal was aborted first
 * @throws what is no matter of being away
 */
export type RetryWhileAway = <Read>(
  read: () => Promise<Read>,
  signal: AbortSignal,
) => Promise<Read | undefined>;

/** For streams, which need not end because a database restarts: who waits is told nothing for that while. */
export function createRetryWhileAway({
  isAway,
  onAway,
  onBack,
  retryMs = 1_000,
}: RetryWhileAwayOptions): RetryWhileAway {
  let away = false;
  return async (read, signal) => {
    while (!signal.aborted) {
      try {
        const result = await read();
        if (away) onBack();
        away = false;
        return result;
      } catch (error) {
        if (!isAway(error)) throw error;
        if (!away) onAway(error);
        away = true;
        await pause(retryMs, signal);
      }
    }
    return undefined;
  };
}
