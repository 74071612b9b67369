import type { SearchDocument } from './search-document.ts';

/** Where documents come from. The index follows each source by its changes, and can be built from it from scratch. */
export interface DocumentSource {
  /** `catalog` or `playlists`: the name of its position. */
  readonly name: string;
  /** The position before which everything has happened that a reader sees now. */
  readLastPosition(): Promise<string>;
  /**
   * What changed after this position, oldest first.
   * @param limit 1 to 1,000
   */
  changesSince(position: string, limit: number): Promise<readonly SourceChange[]>;
  /** The documents of these ids as they are now; ids that are not in the result are not to be found any more. */
  findDocuments(ids: readonly string[]): Promise<readonly SearchDocument[]>;
  /** The ids of the documents that repeat something of this one: its name, its genres. In pages. */
  dependentsOf(id: string): AsyncIterable<readonly string[]>;
  /** All documents, in pages. */
  allDocuments(): AsyncIterable<readonly SearchDocument[]>;
}

export interface SourceChange {
  readonly position: string;
  /** The public id of what changed. */
  readonly id: string;
  /** The public ids of what it is part of, as a track is of its album: their documents sum it up. */
  readonly partOf: readonly string[];
  /** Whether there was no such thing before: then nothing repeats anything of it that is out of date. */
  readonly isNew: boolean;
  readonly time: Date;
}
