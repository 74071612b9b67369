import type { CdnCounts, EdgeMiss, EdgeNodeCounts } from './cdn-traffic.ts';
import type { DoubtfulPlay, DoubtfulPlaysQuery } from './doubtful-plays.ts';
import type { ListenerCount } from './listeners.ts';
import type { PlayCounts } from './play-counts.ts';
import type { QualityCounts, QualityDimension, QualityFilter } from './quality-counts.ts';
import type { RankedTrack } from './ranking.ts';
import type { TimeRange, TimeSpan } from './time-range.ts';
import type { Days } from './time-window.ts';

/** What was counted in a stretch of time that something was counted in. */
export interface Counted<Counts> {
  readonly at: Date;
  readonly counts: Counts;
}

/** How often a track or an artist was played. @param id a UUID */
export interface Plays {
  readonly id: string;
  readonly plays: number;
}

/** Which plays; null: all. */
export interface PlayFilter {
  readonly market: string | null;
  readonly tier: string | null;
}

/** Decisions of one outcome in one market; '' where it was unknown. */
export interface DecisionCount {
  /** `GRANTED`, or why not. */
  readonly outcome: string;
  readonly market: string;
  readonly decisions: number;
}

/** What was counted, of the numbers that are shown. Days are whole days of UTC; ids are UUIDs. */
export interface Statistics {
  /** Plays by stretches of time; those without any are left out. */
  countPlays(range: TimeRange, filter: PlayFilter): Promise<readonly Counted<PlayCounts>[]>;
  /** The most played first. @param market null: all together */
  findTopTracks(market: string | null, days: Days, page: Page): Promise<readonly Plays[]>;
  /** By the credits that tracks have today: a track of two artists is a play of both. */
  findTopArtists(market: string | null, days: Days, limit: number): Promise<readonly Plays[]>;
  countPlayedTracks(days: Days): Promise<number>;
  /** How often tracks were played since counting began; those without plays are left out. */
  countPlaysOfTracks(trackIds: readonly string[]): Promise<readonly Plays[]>;
  /**
   * How often tracks were played since counting began, 0 for those that never were; what the catalog deleted is left out, and what neither
   * it nor a play told of.
   */
  findPlayCounts(trackIds: readonly string[]): Promise<ReadonlyMap<string, number>>;
  /** How often artists were played, by the credits of today. */
  countPlaysOfArtists(artistIds: readonly string[]): Promise<readonly Plays[]>;
  /**
   * The tracks that were played most on some days, as far as the catalog knows them and has not withdrawn them.
   * @param before the days that previous ranks come from
   */
  rankTracks(market: string | null, days: Days, before: Days, limit: number): Promise<readonly RankedTrack[]>;

  /** Each account once. @param market null: all together */
  countListeners(market: string | null, days: Days): Promise<ListenerCount>;
  /** In the order of the ids. */
  countListenersOfTracks(trackIds: readonly string[], days: Days): Promise<readonly ListenerCount[]>;
  /** Who heard one of an artist's tracks, of which only the 1,000 most played are looked at; in the order of the ids. */
  countListenersOfArtists(artistIds: readonly string[], days: Days): Promise<readonly ListenerCount[]>;

  countDecisions(span: TimeSpan, market: string | null): Promise<readonly DecisionCount[]>;

  /**
   * Measured starts, apart by some dimensions; in the order of time, then the group with the most starts first.
   * @param limit a group more than that is not looked for
   */
  countQuality(
    time: TimeRange | TimeSpan,
    filter: QualityFilter,
    by: readonly QualityDimension[],
    limit: number,
  ): Promise<readonly QualityCounts[]>;

  /** @param node null: all */
  countTraffic(range: TimeRange, node: string | null): Promise<readonly Counted<CdnCounts>[]>;
  /** Of all nodes. @param from the beginning of a minute */
  countTrafficSince(from: Date): Promise<CdnCounts>;
  /** Nodes that were heard of since `from`, by name, at most 1,000, with what they sent since `now`. */
  findEdgeNodes(since: { readonly from: Date; readonly now: Date }): Promise<readonly EdgeNodeCounts[]>;
  /** What was fetched most, by bytes. */
  findHottestMisses(from: Date, limit: number): Promise<readonly EdgeMiss[]>;

  /** One more than the page holds where there is one. */
  findDoubtfulPlays(query: DoubtfulPlaysQuery): Promise<readonly DoubtfulPlay[]>;
}

/** A part of a list. */
export interface Page {
  readonly skip: number;
  readonly limit: number;
}
