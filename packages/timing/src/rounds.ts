import { setTimeout as pause } from 'node:timers/promises';

/**
 * Runs something again and again until it is stopped.
 * @param round never fails; returns how long to wait for the next one, in milliseconds
 * @returns stops it: resolves when the last round has ended
 */
export function startRounds(round: (stopping: AbortSignal) => Promise<number>): () => Promise<void> {
  const stopping = new AbortController();
  const { signal } = stopping;
  const running = (async () => {
    while (!signal.aborted) {
      const waitMs = await round(signal);
      // Rejects when it is stopped meanwhile.
      await pause(waitMs, undefined, { signal }).catch(() => {});
    }
  })();
  return () => {
    stopping.abort();
    return running;
  };
}
