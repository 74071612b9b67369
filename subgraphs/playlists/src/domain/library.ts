/** What an account can keep of the catalog. Artists are followed, which is the same. */
export const savedKinds = ['TRACK', 'ALBUM', 'ARTIST'] as const;
export type SavedKind = (typeof savedKinds)[number];

/** How much of one kind an account can keep, and how many playlists it can follow. */
export const maxKept = 10_000;

/** How many ids one edit names. */
export const maxIdsOfEdit = 100;

/** The lists of one account. All go by time, the last first. */
export type LibraryList =
  | 'TRACK'
  | 'ALBUM'
  | 'ARTIST'
  /** What the account made, what it edits with others, and what it follows. */
  | 'PLAYLISTS'
  /** What the account made and everybody may see. */
  | 'PUBLIC_PLAYLISTS'
  /** What the account made. */
  | 'OWN_PLAYLISTS';

/** One entry of a list; the list is sorted by both, the last first. */
export interface LibraryEntry {
  /** When it was saved, followed, joined or made. */
  readonly at: Date;
  /** UUID. */
  readonly id: string;
}

/** A page of a list, by position and never by number: what comes or goes in between moves nothing. */
export interface LibraryPage {
  /** 1 to 100. */
  readonly limit: number;
  readonly direction: 'forward' | 'backward';
  readonly after: LibraryEntry | null;
  readonly before: LibraryEntry | null;
}

/** What was found for a page. */
export interface LibrarySlice {
  /** In the order of reading, at most `limit + 1`: the one too many tells that there is more. */
  readonly rows: readonly LibraryEntry[];
  /** Whether an entry stands at or before `page.after`. */
  readonly hasRowsAtAfter: boolean;
  /** Whether an entry stands at or after `page.before`. */
  readonly hasRowsAtBefore: boolean;
}
