import type { AudioFeatures } from './audio-features.ts';
import type { ListQuery, Slice } from './lists.ts';
import type { Album, AlbumTotals, Artist, Genre, PlaybackFacts, Track, TrackLicences } from './model.ts';

/**
 * Reads the catalog. Everything is asked for in sets: one call is one statement, however many ids it names. Rows come
 * in any order; ids without a row have none. Ids are UUIDs.
 */
export interface CatalogRepository {
  findArtistsByIds(ids: readonly string[]): Promise<readonly Artist[]>;
  findAlbumsByIds(ids: readonly string[]): Promise<readonly Album[]>;
  findTracksByIds(ids: readonly string[]): Promise<readonly Track[]>;
  findGenresByIds(ids: readonly string[]): Promise<readonly Genre[]>;
  findGenresBySlugs(slugs: readonly string[]): Promise<readonly Genre[]>;
  /** What artists play, the most typical first: the ids of genres by the id of the artist. */
  findGenreIdsOfArtists(artistIds: readonly string[]): Promise<ReadonlyMap<string, readonly string[]>>;
  /** Credits in their order: the ids of artists by the id of the album. */
  findArtistIdsOfAlbums(albumIds: readonly string[]): Promise<ReadonlyMap<string, readonly string[]>>;
  /** Credits in their order: the ids of artists by the id of the track. */
  findArtistIdsOfTracks(trackIds: readonly string[]): Promise<ReadonlyMap<string, readonly string[]>>;
  /** By the id of the track; absent where they were not measured. Apart from the tracks, since few ask for them. */
  findAudioFeatures(trackIds: readonly string[]): Promise<ReadonlyMap<string, AudioFeatures>>;
  /** By the id of the album; an album without tracks has none. */
  findTotalsOfAlbums(albumIds: readonly string[]): Promise<ReadonlyMap<string, AlbumTotals>>;
  /**
   * The same page of the list of each parent.
   * @param parentIds of artists, albums or genres, distinct; `[null]` for the lists of the whole catalog
   * @returns one slice per parent, in the order of the parents; an empty one for a parent that does not exist
   */
  findPages(query: ListQuery, parentIds: readonly (string | null)[]): Promise<readonly Slice[]>;
  /** What the licences of a track say of one market; absent for an unknown track. */
  findLicences(keys: readonly LicencesKey[]): Promise<readonly TrackLicences[]>;
  /** At the primary. */
  findPlaybackFacts(trackIds: readonly string[]): Promise<readonly PlaybackFacts[]>;
  /** Resolves when rows can be read. */
  ping(): Promise<void>;
}

export interface LicencesKey {
  readonly trackId: string;
  /** Null: nowhere. */
  readonly market: string | null;
}
