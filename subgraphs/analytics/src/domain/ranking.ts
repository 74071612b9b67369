/** A track among those that were played most. */
export interface RankedTrack {
  /** A UUID. */
  readonly trackId: string;
  /** From 1. */
  readonly rank: number;
  /** Null when it was not among the first before. */
  readonly previousRank: number | null;
  readonly plays: number;
  readonly explicit: boolean;
  /** Where it may be played. */
  readonly markets: ReadonlySet<string>;
}

/** Whom a chart is for. */
export interface Audience {
  /** Null: nothing is left out for its sake. */
  readonly market: string | null;
  /** Whether explicit tracks may be shown. */
  readonly explicit: boolean;
}

/** How many tracks a chart is made of: what an audience may not play makes room for those behind it, down to here. */
export const chartDepth = 1_000;

/** The first tracks of a chart that are for an audience; they keep their ranks. */
export function pickForAudience(
  ranking: readonly RankedTrack[],
  { market, explicit }: Audience,
  limit: number,
): RankedTrack[] {
  const picked: RankedTrack[] = [];
  for (const track of ranking) {
    if (picked.length === limit) break;
    if (market !== null && !track.markets.has(market)) continue;
    if (!explicit && track.explicit) continue;
    picked.push(track);
  }
  return picked;
}
