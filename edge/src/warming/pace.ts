import { setTimeout as pause } from 'node:timers/promises';

/** Keeps to so many bytes a second. */
export interface Pace {
  /** Resolves when there is time for more, after what was spent so far. Rejects when the signal is aborted. */
  ready(signal: AbortSignal): Promise<void>;
  spend(bytes: number): void;
}

/** What tells time, and lets it go by. */
export interface Clock {
  /** In milliseconds, since whenever. */
  now(): number;
  /** Rejects when the signal is aborted. */
  sleep(durationMs: number, signal: AbortSignal): Promise<void>;
}

const wallClock: Clock = {
  now: () => performance.now(),
  sleep: (durationMs, signal) => pause(durationMs, undefined, { signal }),
};

/** @param bytesPerSecond on average; what others spend meanwhile delays everybody who waits */
export function createPace(bytesPerSecond: number, clock: Clock = wallClock): Pace {
  let freeAt = clock.now();
  return {
    async ready(signal) {
      for (let waitMs = freeAt - clock.now(); waitMs > 0; waitMs = freeAt - clock.now())
        await clock.sleep(waitMs, signal);
    },
    spend(bytes) {
      freeAt = Math.max(freeAt, clock.now()) + (bytes / bytesPerSecond) * 1_000;
    },
  };
}
