/** A track of the catalog, as far as charts go by it. */
export interface CatalogTrack {
  /** `track_…` */
  readonly id: string;
  /** Which of two states is newer, from 1. */
  readonly version: number;
  /** `artist_…`, the artists whom it names. */
  readonly artistIds: readonly string[];
  readonly explicit: boolean;
  /** Taken down, or deleted. */
  readonly withdrawn: boolean;
  /** Where it may be played: ISO 3166-1 alpha-2, in any order. */
  readonly markets: readonly string[];
}

/** Port to our copy of the catalog's tracks. */
export interface CatalogTracks {
  /** Keeps these states, each unless a newer one is kept. Saving them again changes nothing. */
  save(tracks: readonly CatalogTrack[]): Promise<void>;
  /** Takes tracks as withdrawn until a state is saved that is no older than the one that is kept. */
  withdraw(ids: readonly string[]): Promise<void>;
}
