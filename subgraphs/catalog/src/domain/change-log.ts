/** What happened to the rows of the catalog, in the order of commits. */
export interface ChangeLog {
  /**
   * The changes after the one with this id, in order, which is the order of commits: a reader that goes on from the
   * last id it saw misses nothing.
   * @param after 0 for the beginning
   * @param limit 1 to 1,000
   */
  changesSince(after: bigint, limit: number): Promise<readonly CatalogChange[]>;
  /** The id of the last change, 0 while there is none: all that a reader sees now came with it or before it. */
  lastId(): Promise<bigint>;
}

/** One change of one row. */
export interface CatalogChange {
  readonly id: bigint;
  /** The public id of the row. */
  readonly key: string;
  readonly type: CatalogChangeType;
  /** Raised at each change of the row; a deletion has one too. */
  readonly version: number;
  readonly time: Date;
  /**
   * The whole row with the names it refers to; of a deletion `{id, deleted: true}`. Of a track also `left` where it left
   * something: the public ids of the album and the artists that it was part of, and is not any more.
   */
  readonly data: Readonly<Record<string, unknown>>;
}

export type CatalogChangeType =
  | 'ArtistChanged'
  | 'AlbumChanged'
  | 'TrackChanged'
  | 'GenreChanged'
  | 'TrackDeleted';
