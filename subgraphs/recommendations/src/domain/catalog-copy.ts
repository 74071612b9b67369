import type { AudioFeatures } from './catalog-facts.ts';

/** A state of something of the catalog, as an event tells it. Ids are public ones. */
interface Told {
  readonly id: string;
  /** Which of two states is newer, from 1. */
  readonly version: number;
}

export interface ToldGenre extends Told {
  readonly slug: string;
  readonly name: string;
  readonly parentId: string | null;
}

export interface ToldArtist extends Told {
  readonly name: string;
  /** 0 to 100. */
  readonly popularity: number;
  /** The most typical first. */
  readonly genreIds: readonly string[];
}

export interface ToldAlbum extends Told {
  readonly title: string;
  readonly artistIds: readonly string[];
  /** `2019-05-17`; null when unknown. */
  readonly releasedOn: string | null;
}

export interface ToldTrack extends Told {
  readonly title: string;
  readonly explicit: boolean;
  /** Taken down, or deleted. */
  readonly withdrawn: boolean;
  /** 0 to 100. */
  readonly popularity: number;
  readonly albumId: string | null;
  /** In the order of the credits. */
  readonly artistIds: readonly string[];
  /** Those of its artists, the most typical first. */
  readonly genreIds: readonly string[];
  readonly features: AudioFeatures | null;
  /** ISO 3166-1 alpha-2, in any order. */
  readonly markets: readonly string[];
}

/** States of different things: of each at most one. */
export interface ToldStates {
  readonly genres: readonly ToldGenre[];
  readonly artists: readonly ToldArtist[];
  readonly albums: readonly ToldAlbum[];
  readonly tracks: readonly ToldTrack[];
}

/** Port to what `CatalogFacts` are read from. */
export interface CatalogCopy {
  /** Keeps these states, each unless a newer one is kept. Saving them again changes nothing. When it fails, some may be kept. */
  save(states: ToldStates): Promise<void>;
  /** Takes tracks as withdrawn until a state is saved that is no older than the one that is kept. */
  withdraw(trackIds: readonly string[]): Promise<void>;
}
