import type { AudioFeatures } from '@medley/moods';

export type { AudioFeatures };

/** Ids are UUIDs. */
export interface TrackFacts {
  readonly id: string;
  readonly title: string;
  readonly explicit: boolean;
  /** Taken down, deleted, or not out yet. */
  readonly withdrawn: boolean;
  /** 0 to 100. */
  readonly popularity: number;
  readonly albumId: string | null;
  /** In the order of the credits. */
  readonly artistIds: readonly string[];
  /** Those of its artists, the most typical first. */
  readonly genreIds: readonly string[];
  /** Null when they were not measured. */
  readonly features: AudioFeatures | null;
  /** By code. Sets are shared: compare by `has` only. */
  readonly markets: ReadonlySet<string>;
}

export interface ArtistFacts {
  readonly id: string;
  readonly name: string;
  /** 0 to 100. */
  readonly popularity: number;
  /** The most typical first. */
  readonly genreIds: readonly string[];
}

export interface AlbumFacts {
  readonly id: string;
  readonly title: string;
  readonly artistIds: readonly string[];
  /** `2019-05-17`; null when unknown. */
  readonly releasedOn: string | null;
}

export interface GenreFacts {
  readonly id: string;
  readonly slug: string;
  readonly name: string;
  readonly parentId: string | null;
}

/** Who it is for: what may be recommended goes by it, at read time. */
export interface Audience {
  /** By code; null when unknown: then nothing may be played. */
  readonly market: string | null;
  /** Whether explicit tracks may be there. */
  readonly explicit: boolean;
}

/** What recommendations know of the catalog: a copy that follows `catalog.changed.v1`. What is unknown is left out of the answers. */
export interface CatalogFacts {
  findTracks(ids: readonly string[]): Promise<ReadonlyMap<string, TrackFacts>>;
  findArtists(ids: readonly string[]): Promise<ReadonlyMap<string, ArtistFacts>>;
  findAlbums(ids: readonly string[]): Promise<ReadonlyMap<string, AlbumFacts>>;
  findGenres(ids: readonly string[]): Promise<ReadonlyMap<string, GenreFacts>>;
  /** All genres there are, by slug: a few thousand at most. */
  allGenres(): Promise<readonly GenreFacts[]>;
  /** The tracks of each artist, the most popular first, withdrawn ones left out. @param limit for each artist, at most 100 */
  tracksOfArtists(
    artistIds: readonly string[],
    limit: number,
  ): Promise<ReadonlyMap<string, readonly TrackFacts[]>>;
  /**
   * Tracks of albums that came out on this day or later, and are out, by one of these artists, the newest first, withdrawn ones left out.
   * @param since `2026-10-01`
   * @param limit at most 1,000
   */
  newTracksOfArtists(
    artistIds: readonly string[],
    since: string,
    limit: number,
  ): Promise<readonly (TrackFacts & { readonly releasedOn: string })[]>;
  /**
   * What an audience may play, the most popular first. `genreIds` narrows it down to the tracks of which one of these is the most
   * typical genre; of each genre only so many of the most popular are looked at (`lookedAt`), so where little may be played there may be
   * fewer than there are.
   * @param asked.limit at most 1,000
   */
  popular(asked: {
    readonly audience: Audience;
    readonly limit: number;
    readonly genreIds?: readonly string[];
  }): Promise<readonly TrackFacts[]>;
  /** All tracks by id, from the one after `after`: for training. */
  tracksAfter(after: string | null, limit: number): Promise<readonly TrackFacts[]>;
}

/** How many of a genre's most popular tracks `popular` looks at. */
export const lookedAt = 10_000;

/** Whether an audience may play a track; the decision at `playbackUrl` is streaming's. */
export function mayPlay(track: TrackFacts, { market, explicit }: Audience): boolean {
  return market !== null && !track.withdrawn && track.markets.has(market) && (explicit || !track.explicit);
}
