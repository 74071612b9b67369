import type { CountedBatch } from './live-outbox.ts';
import type { Plays } from './statistics.ts';

/** Plays that were added to the numbers, by what they are of. */
export interface CountedPlays {
  /** Of each market once; '' is an unknown one. */
  readonly markets: readonly MarketPlays[];
  /** Of each track once, those that count. */
  readonly tracks: readonly Plays[];
}

export interface MarketPlays {
  readonly market: string;
  readonly plays: number;
  readonly notCounted: number;
}

/** What one transaction added to the numbers that are shown. */
export interface ToldBatch extends CountedPlays, CountedBatch {}

/** Sums up what was counted in several batches. */
export function addCountedPlays(parts: readonly CountedPlays[]): CountedPlays {
  const markets = new Map<string, MarketPlays>();
  for (const part of parts) {
    for (const { market, plays, notCounted } of part.markets) {
      const known = markets.get(market);
      markets.set(market, {
        market,
        plays: plays + (known?.plays ?? 0),
        notCounted: notCounted + (known?.notCounted ?? 0),
      });
    }
  }
  return { markets: [...markets.values()], tracks: sumTracks(parts) };
}

/** The plays of each track in several batches. */
export function sumTracks(parts: readonly Pick<CountedPlays, 'tracks'>[]): readonly Plays[] {
  const tracks = new Map<string, number>();
  for (const part of parts)
    for (const { id, plays } of part.tracks) tracks.set(id, plays + (tracks.get(id) ?? 0));
  return [...tracks].map(([id, plays]) => ({ id, plays }));
}
