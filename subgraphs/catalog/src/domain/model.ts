import type { LicenceWindow } from './licence-windows.ts';

/** Somebody who makes music. Ids are UUIDs everywhere in here; public ids are made of them at the edge. */
export interface Artist {
  readonly id: string;
  readonly name: string;
  readonly bio: string | null;
  /** 0 to 100. */
  readonly popularity: number;
}

export interface Genre {
  readonly id: string;
  readonly slug: string;
  readonly name: string;
  /** The wider genre; null when it is one of the widest, or that is not known. */
  readonly parentId: string | null;
}

export type AlbumType = 'ALBUM' | 'SINGLE' | 'EP' | 'COMPILATION';

export interface Album {
  readonly id: string;
  readonly title: string;
  readonly type: AlbumType | null;
  readonly releaseDate: ReleaseDate | null;
  readonly label: string | null;
  readonly copyright: string | null;
  readonly upc: string | null;
}

export interface ReleaseDate {
  /** ISO 8601, `1977-05-20`: the first day of the year or month where only that is known. */
  readonly date: string;
  readonly precision: 'YEAR' | 'MONTH' | 'DAY';
}

/** What the tracks of an album add up to. */
export interface AlbumTotals {
  readonly trackCount: number;
  readonly durationMs: number;
}

export interface Track {
  readonly id: string;
  readonly title: string;
  readonly albumId: string | null;
  readonly durationMs: number;
  readonly explicit: boolean;
  readonly isrc: string | null;
  readonly discNumber: number | null;
  readonly trackNumber: number | null;
  /** 0 to 100. */
  readonly popularity: number;
  /** ISO 3166-1 alpha-2, sorted. */
  readonly availableMarkets: readonly string[];
}

/** What a decision about playback rests on. */
export interface PlaybackFacts {
  readonly id: string;
  readonly withdrawn: boolean;
  /** The first instant, in UTC, of what is known of the release date; null when nothing is. */
  readonly releasedAt: Date | null;
  /** Where its licences hold at the moment of reading. */
  readonly availableMarkets: readonly string[];
  /** When that changes next by itself, as a licence begins or ends then; null: not foreseen. */
  readonly availableMarketsUntil: Date | null;
  readonly explicit: boolean;
  readonly durationMs: number;
  readonly encodings: readonly AudioQuality[];
  /** Raised at each change of the row. */
  readonly version: number;
  /** Other tracks with the same ISRC that are not withdrawn, the most popular first, at most ten. They name none. */
  readonly alternatives: readonly PlaybackFacts[];
}

/** When a track is licensed in one market. */
export interface TrackLicences {
  readonly trackId: string;
  /** As it was asked for; null: nowhere. */
  readonly market: string | null;
  readonly withdrawnAt: Date | null;
  /** Of this market. A track without any windows is licensed without end where its markets say so. */
  readonly windows: readonly LicenceWindow[];
}

export type AudioQuality = 'LOW' | 'MEDIUM' | 'NORMAL' | 'HIGH' | 'LOSSLESS';
