import type { LatencyBin } from './latency-bins.ts';

/** By what starts can be told apart. */
export type QualityDimension = 'MARKET' | 'TIER' | 'QUALITY';

/** Which starts; null: all. */
export interface QualityFilter {
  readonly market: string | null;
  readonly tier: string | null;
  readonly quality: string | null;
}

/** How playing felt to some. */
export interface QualityCounts {
  /** When the stretch begins; null when all of the time is together. */
  readonly at: Date | null;
  /** These three are null unless told apart by them, and '' where unknown. */
  readonly market: string | null;
  readonly tier: string | null;
  readonly quality: string | null;
  readonly started: number;
  readonly failed: number;
  readonly abandoned: number;
  readonly msPlayed: number;
  readonly stalls: number;
  readonly stalledMs: number;
  readonly stalledStarts: number;
  readonly bytes: number;
  readonly edgeHits: number;
  readonly edgeMisses: number;
  /** How long starts took. */
  readonly startTimes: readonly LatencyBin[];
}

/** Nothing when nobody measured. @returns the share of `part` in `whole` */
export const ratio = (part: number, whole: number): number | null => (whole === 0 ? null : part / whole);
