import type { Part } from './part.ts';

/** How often a track was played on a day. */
export interface TrackDay {
  /** A UUID. */
  readonly trackId: string;
  readonly plays: number;
  /** How many accounts, about. */
  readonly listeners: number;
  /** By their codes; '' is an unknown one. */
  readonly markets: readonly { readonly market: string; readonly plays: number }[];
}

/** Port to what was counted of a day: what is shown. */
export interface DayCountsRepository {
  /** By the ids of tracks. @param day its midnight in UTC */
  readDay(day: Date, after: string | null, limit: number): Promise<Part<TrackDay>>;
}

/**
 * How many days after a day its numbers are final: plays are taken for 30 days, and one more is for those that a server held back.
 */
export const finalAfterDays = 31;
