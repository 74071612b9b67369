import type { Part } from './part.ts';
import type { Days } from './time-window.ts';

/** Where a hundred lies at least: in a small house the most played track is not the most popular that there could be. */
const leastMostPlays = 100_000;

/**
 * How much a track is listened to, relative to all others: 0 to 100, by the logarithm of its plays, as people sense loudness. Twice the
 * plays are the same step up anywhere; the most played track has 100.
 * @param plays of the last 28 days, 0 or more
 * @param mostPlays of the track that was played most in that time
 */
export function popularityOf(plays: number, mostPlays: number): number {
  const share = Math.log1p(plays) / Math.log1p(Math.max(mostPlays, leastMostPlays));
  return Math.round(100 * Math.min(share, 1));
}

/** How often a track was played. Ids are UUIDs, here and below. */
export interface PlayedTrack {
  readonly trackId: string;
  readonly plays: number;
  /** The popularity that was told of it last; null when none was. */
  readonly told: number | null;
}

/** What a track has become. */
export interface NewPopularity {
  readonly trackId: string;
  readonly popularity: number;
  readonly plays: number;
  readonly measuredAt: Date;
}

/** A popularity as it is told. */
export interface ToldPopularity extends NewPopularity {
  /** Raised at each change, from 1. */
  readonly version: number;
}

/** Port to the popularity of tracks, and to the plays that it is made of: those that are shown. */
export interface PopularityRepository {
  /** How often the track was played that was played most on these days; 0 when none was. */
  findMostPlays(days: Days): Promise<number>;
  /** Tracks that were played at least so often on these days, and of those that were played less the ones that are not told as 0. */
  readTracks(days: Days, atLeast: number, after: string | null, limit: number): Promise<Part<PlayedTrack>>;
  /** Writes what is to be told. @returns it, with the versions that it has now */
  write(changes: readonly NewPopularity[]): Promise<readonly ToldPopularity[]>;
  /** What was written and is not in the event log as far as anybody knows. */
  readUntold(limit: number): Promise<readonly ToldPopularity[]>;
  /** The event log has these. */
  noteTold(told: readonly ToldPopularity[]): Promise<void>;
}
