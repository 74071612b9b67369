/** What of a play tells whether somebody liked the track. */
export interface HeardPlay {
  /** How long sound was heard, 0 or more. */
  readonly msPlayed: number;
  /** Somebody went on to another track before its end. */
  readonly skipped: boolean;
  /** It was played to its end. */
  readonly finished: boolean;
  /** 30 s were heard, and a grant vouches for it. */
  readonly counted: boolean;
}

/**
 * What a play says of the track: -1, skipped at once, to 1, heard to its end. The end is told by the player, so the length of the
 * track is not needed; for the rest it goes by the time that somebody gave it.
 *
 * - A skip in the first 30 s is a no, the sooner the plainer: -1 to -0.5. One after two minutes is none any more: who hears most of a
 *   track and then goes on did not mind it.
 * - What ends otherwise (stopped, closed, taken over) says nothing below 30 s, where a play counts, and more the longer it was heard.
 * - 30 s without a grant that vouches for them are worth half: they may be a player's mistake.
 */
export function signalOf({ msPlayed, skipped, finished, counted }: HeardPlay): number {
  const signal = skipped ? between(skipSignals, msPlayed) : finished ? 1 : between(stopSignals, msPlayed);
  return signal > 0 && !counted ? signal / 2 : signal;
}

/** Milliseconds heard, and what they say; straight lines between. */
type Points = readonly (readonly [ms: number, signal: number])[];

const skipSignals: Points = [
  [0, -1],
  [30_000, -0.5],
  [120_000, 0.1],
  [240_000, 0.5],
];
const stopSignals: Points = [
  [30_000, 0],
  [30_001, 0.25],
  [120_000, 0.75],
  [240_000, 1],
];

function between(points: Points, ms: number): number {
  let [fromMs, from] = points[0] ?? [0, 0];
  for (const [toMs, to] of points) {
    if (ms <= toMs)
      return toMs === fromMs ? to : from + ((to - from) * Math.max(0, ms - fromMs)) / (toMs - fromMs);
    [fromMs, from] = [toMs, to];
  }
  return from;
}
