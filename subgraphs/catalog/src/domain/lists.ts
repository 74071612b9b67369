import type { AlbumType } from './model.ts';

/** Where an item stands in its list: what the list is sorted by, and last the item's id. */
export type SortKey = readonly (string | number | boolean | null)[];

/** A page of a list, by position and never by number: what comes or goes in between moves nothing. */
export interface Page {
  /** 1 to 100. */
  readonly limit: number;
  readonly direction: 'forward' | 'backward';
  readonly after: SortKey | null;
  readonly before: SortKey | null;
}

/** What was found for a page. */
export interface Slice {
  /** In the order of reading, at most `limit + 1`: the one too many tells that there is more. */
  readonly rows: readonly SortKey[];
  /** Whether an item stands at or before `page.after`. */
  readonly hasRowsAtAfter: boolean;
  /** Whether an item stands at or after `page.before`. */
  readonly hasRowsAtBefore: boolean;
  /** How far a discovery list looked when it gave up looking for items that may be played; null: to the end. */
  readonly lookedUntil: SortKey | null;
}

/**
 * The lists of the catalog. Each goes by one sort key:
 * artists and an artist's and a genre's tracks by popularity, albums by release date, tracks of an album by disc and
 * number, genres by name, markets by code, tracks that a market loses by when it does.
 */
export type ListName =
  | 'artists'
  | 'newReleases'
  | 'genres'
  | 'markets'
  | 'artistAlbums'
  | 'artistTopTracks'
  | 'albumTracks'
  | 'genreArtists'
  | 'genreTracks'
  | 'leavingSoon';

/** What somebody wants of a list. */
export interface ListQuery {
  readonly list: ListName;
  readonly page: Page;
  /** `artistAlbums`: only these; all when null. */
  readonly types?: readonly AlbumType[] | null;
  /** Discovery lists leave out what this audience may not play. */
  readonly audience?: Audience;
  /** `newReleases`: only what came out by this day, ISO 8601. */
  readonly today?: string;
  /** `leavingSoon`: which market loses it, and when. Pages may be as old as a cache keeps them. */
  readonly leaving?: { readonly market: string; readonly now: Date; readonly withinDays: number };
}

/** Who a discovery list is for. */
export interface Audience {
  /** Only what may be played there; null: everywhere. */
  readonly market: string | null;
  /** Whether explicit tracks are shown. */
  readonly explicit: boolean;
}

/**
 * How many items a discovery list looks at for one page: five times what a page takes, so that a page of a list in which
 * little may be played stays cheap; it is short then.
 */
export const itemsLookedAt = (limit: number): number => 5 * Math.max(limit + 1, 20);
