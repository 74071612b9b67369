const minuteMs = 60_000;
// The edge refuses what lives longer than two hours by its own clock, which may be a little behind.
const longestMs = 120 * minuteMs - 5_000;

/**
 * How long a grant lives: the track's duration and ten minutes, for pauses and slow starts, two hours at most.
 * `refreshAfter` is at two thirds. `expiresAt` is a whole second, as the edge counts in seconds.
 */
export function grantLifetime(decidedAt: Date, durationMs: number): { expiresAt: Date; refreshAfter: Date } {
  const lifetimeMs = Math.min(durationMs + 10 * minuteMs, longestMs);
  const start = decidedAt.getTime();
  return {
    expiresAt: new Date(Math.floor((start + lifetimeMs) / 1_000) * 1_000),
    refreshAfter: new Date(start + Math.round((lifetimeMs * 2) / 3)),
  };
}
