/** An artist, album or track as other subgraphs keep it, with the names of what it refers to. */
export interface CatalogEntity {
  /** UUID, as all ids in here. */
  readonly id: string;
  readonly kind: EntityKind;
  /** The title, or the name of an artist. */
  readonly title: string;
  /** The credits of an album or a track, in their order; empty for an artist. */
  readonly artists: readonly { readonly id: string; readonly name: string }[];
  /** The album of a track. */
  readonly album: { readonly id: string; readonly title: string } | null;
  /** What an artist plays; of an album or a track what its artists play. Each once. */
  readonly genreIds: readonly string[];
  /** Of an album, or of the album of a track. */
  readonly releaseYear: number | null;
  /** 0 to 100; of an album that of its most popular track. */
  readonly popularity: number;
  /** Of a track; of an album when all of its tracks are; never of an artist. */
  readonly explicit: boolean;
  /**
   * Where it may be played: ISO 3166-1 alpha-2, sorted, joined by spaces. Of an artist or an album where at least one of the
   * tracks may be.
   */
  readonly availableMarkets: string;
}

export type EntityKind = 'artist' | 'album' | 'track';

/** Names an entity. */
export interface EntityKey {
  readonly kind: EntityKind;
  readonly id: string;
}

/**
 * The catalog for those who keep a copy of it: all entities in pages, single ones again when they changed, and what has to be
 * read again with them. Withdrawn tracks are none, and count for nothing in their albums and artists. One call is one
 * statement.
 */
export interface EntityFeed {
  /** Those that exist, in any order. */
  findByIds(kind: EntityKind, ids: readonly string[]): Promise<readonly CatalogEntity[]>;
  /**
   * All of one kind, sorted by id: a page of those after `id`. A page that is not full is the last.
   * @param id null for the first page
   * @param limit 1 to 1,000
   */
  findAfter(kind: EntityKind, id: string | null, limit: number): Promise<readonly CatalogEntity[]>;
  /**
   * The entities in which something of this one stands: of an artist first the albums and then the tracks that name it, of
   * an album its tracks, and of a track its album and then its artists, which may be played where one of their tracks may
   * be. Of each kind by id. Withdrawn tracks are among them.
   * @param after the last of the page before; null for the first page
   * @param limit 1 to 1,000
   */
  findDependents(of: EntityKey, after: EntityKey | null, limit: number): Promise<readonly EntityKey[]>;
}

/** The kinds of the dependents of each kind, in the order in which they are told. */
export const dependentKinds = {
  artist: ['album', 'track'],
  album: ['track'],
  track: ['album', 'artist'],
} as const satisfies Readonly<Record<EntityKind, readonly EntityKind[]>>;
