/** How much an account likes something: the sum of what its plays say, each halved for every 30 days that it is old. */
export interface Liking {
  /** A UUID. */
  readonly id: string;
  /** At `TasteProfile.decayedTo`. Skips count against: it may be below 0. */
  readonly weight: number;
}

/** A play that is fresh enough to matter by itself. */
export interface RecentPlay {
  readonly eventId: string;
  readonly trackId: string;
  /** Milliseconds since 1970. */
  readonly playedAt: number;
  /** -1 (skipped at once) to 1 (heard to its end). */
  readonly signal: number;
  /** False while nobody knew who made the track: then its artists and genres get their share when the account plays something else. */
  readonly credited: boolean;
  readonly context: { readonly kind: string; readonly id: string | null } | null;
}

/** The next offset to be taken of each partition of `streaming.play-events.v1` that told plays of an account. */
export type Positions = Readonly<Record<string, string>>;

/** What an account likes, as its plays tell. */
export interface TasteProfile {
  readonly userId: string;
  /** From 1, and one more with each change: who saves one more than he read saves over nothing that he did not see. */
  readonly version: number;
  /** Milliseconds since 1970, when the newest play in it began: what all weights are decayed to. */
  readonly decayedTo: number;
  /** Each with the greatest weights, of either sign, first; bounded. */
  readonly tracks: readonly Liking[];
  readonly artists: readonly Liking[];
  readonly genres: readonly Liking[];
  /** The newest first; bounded. */
  readonly recent: readonly RecentPlay[];
  /** The ids of the events that were taken last: none is taken twice. */
  readonly taken: readonly string[];
  readonly positions: Positions;
  /** When the newest play that is in it was told, in milliseconds since 1970. */
  readonly asOf: number;
}

/**
 * Keeps taste profiles. An older version never takes the place of a newer one.
 * @throws UserDataUnavailableError from each method of the durable copy
 */
export interface TasteProfiles {
  find(userIds: readonly string[]): Promise<ReadonlyMap<string, TasteProfile>>;
  /** Keeps, of different accounts, those that are newer than what is kept. @returns the ids of accounts of which a version as new or newer is kept already */
  save(profiles: readonly TasteProfile[]): Promise<readonly string[]>;
}

/** Copies of profiles that are quick to ask, of accounts that are there just now. Any may be gone at any time. */
export interface FastTasteProfiles extends TasteProfiles {
  /** How far each is, without all the rest. */
  findPositions(userIds: readonly string[]): Promise<ReadonlyMap<string, Positions>>;
  /** The version of each, likewise. */
  findVersions(userIds: readonly string[]): Promise<ReadonlyMap<string, number>>;
}

/** Something that an account keeps, or kept: a saved track or album, a followed artist, a playlist. */
export interface LibraryEntry {
  readonly userId: string;
  /** A public id: `track_…`, `album_…`, `artist_…`, `playlist_…`. */
  readonly itemId: string;
  /** From 1; the higher one holds, and one version of one thing always says the same. */
  readonly version: number;
  readonly inLibrary: boolean;
  readonly at: Date;
}

/** The most that is found of what an account keeps. */
export const mostEntries = 10_000;

/**
 * What accounts keep, as `library.changed.v1` tells.
 * @throws UserDataUnavailableError from each
 */
export interface LibraryEntries {
  /** Idempotent: of two of one thing the one with the higher version holds, whatever the order. */
  record(entries: readonly LibraryEntry[]): Promise<void>;
  /** What the account keeps now, the last first; at most `mostEntries`. */
  find(userId: string): Promise<readonly LibraryEntry[]>;
}
