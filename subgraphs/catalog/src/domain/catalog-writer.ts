import type { AudioFeatures } from './audio-features.ts';
import type { AlbumType, ReleaseDate } from './model.ts';
import type { Source } from './provenance.ts';
import type { TrackDecisions } from './track-decisions.ts';

/** Writes the catalog. Each row that changes gets a higher version and a row in the outbox, in one transaction. */
export interface CatalogWriter extends TrackDecisions {
  /**
   * Merges what a source says into the catalog, by field (`mergeClaim`), in one transaction.
   *
   * A row that is referred to and that nobody described yet is made with a stand-in name, so that the reference is not
   * lost; the first source that names it replaces that. Deleted tracks stay deleted.
   * @param batch at most `maxBatchRecords` records
   * @throws RangeError when it is larger, TypeError when a new track has no title or no duration
   */
  upsert(batch: CatalogBatch): Promise<UpsertResult>;
  /** False when there is no such track. */
  deleteTrack(id: string): Promise<boolean>;
}

/** Transactions stay short: on an embedded database all reads wait for them. */
export const maxBatchRecords = 1_000;

/** What one source says. Ids are UUIDs everywhere. */
export interface CatalogBatch {
  readonly source: Source;
  /** Where a genre belongs is told by the taxonomy alone. */
  readonly genres?: readonly CatalogRecord<Omit<GenreValues, 'parentId'>>[];
  readonly artists?: readonly CatalogRecord<ArtistValues>[];
  readonly albums?: readonly CatalogRecord<AlbumValues>[];
  readonly tracks?: readonly CatalogRecord<TrackValues>[];
  /** What was measured of tracks that something else describes, in this batch or before it: of other tracks it is left out. */
  readonly audioFeatures?: readonly CatalogRecord<Pick<TrackValues, 'audioFeatures'>>[];
}

/** What is said about one row. */
export interface CatalogRecord<Values> {
  readonly id: string;
  /** What the source carries: `undefined` is not carried and leaves the row as it is, `null` is carried and empty. */
  readonly values: Partial<Values>;
  /** What holds as long as no source carries it. */
  readonly assumed?: Partial<Values>;
}

export interface GenreValues {
  readonly slug: string;
  readonly name: string;
  /** The wider genre; null when it is one of the widest, or that is not known. */
  readonly parentId: string | null;
}

export interface ArtistValues {
  readonly name: string;
  readonly bio: string | null;
  /** 0 to 100. */
  readonly popularity: number;
  /** The most typical first. */
  readonly genreIds: readonly string[];
}

export interface AlbumValues {
  readonly title: string;
  readonly type: AlbumType | null;
  readonly release: ReleaseDate | null;
  readonly label: string | null;
  readonly copyright: string | null;
  readonly upc: string | null;
  /** In the order of the credits. */
  readonly artistIds: readonly string[];
}

export interface TrackValues {
  readonly title: string;
  readonly albumId: string | null;
  readonly durationMs: number;
  readonly explicit: boolean;
  /** Upper case, no hyphens. */
  readonly isrc: string | null;
  readonly discNumber: number | null;
  readonly trackNumber: number | null;
  /** 0 to 100. */
  readonly popularity: number;
  /** ISO 3166-1 alpha-2, sorted. */
  readonly availableMarkets: readonly string[];
  /** Audio qualities that exist for it. */
  readonly encodings: readonly string[];
  /** ISO 8601 in UTC. */
  readonly withdrawnAt: string | null;
  /** Null when they were not measured. */
  readonly audioFeatures: AudioFeatures | null;
  /** In the order of the credits. */
  readonly artistIds: readonly string[];
}

/** What became of a batch. Rows are counted, not records: a row that a batch names twice counts once. */
export interface UpsertResult {
  readonly genres: Tally;
  readonly artists: Tally;
  readonly albums: Tally;
  readonly tracks: Tally;
  /** References to rows that have a stand-in name: nobody described them yet. */
  readonly unresolved: readonly UnresolvedReference[];
  /** Tracks of the batch that may be played nowhere, since nothing so far says where. */
  readonly unplayableTrackIds: readonly string[];
  /** Tracks of the batch that were deleted here earlier, and stay so. */
  readonly deletedTrackIds: readonly string[];
  /** Tracks whose audio features were left out, since nothing describes them. */
  readonly unknownTrackIds: readonly string[];
}

export interface Tally {
  readonly added: number;
  readonly changed: number;
  readonly unchanged: number;
}

export interface UnresolvedReference {
  /** The album or track that refers. */
  readonly from: string;
  readonly kind: 'genre' | 'artist' | 'album';
  readonly to: string;
}
