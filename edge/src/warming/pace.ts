import { setTimeout as pause } from 'node:timers/promises';

/** Keeps to so many bytes a second. */
export interface Pace {
  /** Resolves when there is time for more, after what was spent so far. Rejects when the signal is aborted. */
  ready(signal: AbortSignal): Promise<void>;
  spend(bytes: number): void;
}

/** @param bytesPerSecond on average; what others spend meanwhile delays everybody who waits */
export function createPace(bytesPerSecond: number): Pace {
  let freeAt = performance.now();
  return {
    async ready(signal) {
      for (let waitMs = freeAt - performance.now(); waitMs > 0; waitMs = freeAt - performance.now())
        await pause(waitMs, undefined, { signal });
    },
    spend(bytes) {
      freeAt = Math.max(freeAt, performance.now()) + (bytes / bytesPerSecond) * 1_000;
    },
  };
}
