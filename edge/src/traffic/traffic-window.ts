/** How long traffic is counted together, in milliseconds. */
const windowMs = 10_000;

/** A stretch of time, in milliseconds since 1970. */
export interface TrafficWindow {
  readonly from: number;
  /** The moment after the last. */
  readonly until: number;
}

/** The ten seconds, on whole tens, that a moment falls into. */
export function windowAt(timeMs: number): TrafficWindow {
  const from = Math.floor(timeMs / windowMs) * windowMs;
  return { from, until: from + windowMs };
}
