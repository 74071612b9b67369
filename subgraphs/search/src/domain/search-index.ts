import type { DocumentKind, SearchDocument } from './search-document.ts';

/** Finds documents. Ready while a rebuild is under way, and while nothing was ever built: then nothing is found. */
export interface SearchIndex {
  /**
   * Answers each query, in their order. Match goes before popularity: documents with all words of the query before those
   * with some, fewer typing errors before more, whole words before beginnings, titles before artists before albums; among
   * equals the more popular first.
   * @throws IndexUnavailableError when the index cannot be asked, or not in time
   */
  search(queries: readonly SearchQuery[]): Promise<readonly SearchPage[]>;
  /**
   * Names and titles of artists, albums and tracks that have all words of the text, the last of them perhaps only begun.
   * Each text once, the best first: fewer typing errors before more, texts that begin like this before others, among
   * equals the more popular.
   * @throws IndexUnavailableError
   */
  suggest(query: SuggestQuery): Promise<readonly IndexedHit[]>;
  /** @throws IndexUnavailableError */
  readState(): Promise<IndexState>;
}

/** Who looks, and so what may be found. */
export interface Audience {
  /** ISO 3166-1 alpha-2; null: everything may be found. */
  readonly market: string | null;
  /** False leaves explicit documents out. */
  readonly explicit: boolean;
}

export interface SearchQuery {
  readonly kind: DocumentKind;
  /** 1 to 200 characters, trimmed. */
  readonly text: string;
  readonly audience: Audience;
  readonly filter: SearchFilter;
  /** From 0. `offset + limit` is at most 1,001: one more than is shown tells that there is more. */
  readonly offset: number;
  /** 0 to 101. */
  readonly limit: number;
  /** Whether the facets are wanted too. */
  readonly facets: boolean;
}

/** What was typed so far, and by whom. */
export interface SuggestQuery {
  /** 1 to 100 characters, trimmed. */
  readonly prefix: string;
  readonly audience: Audience;
  /** 1 to 20. */
  readonly limit: number;
}

/** Each field that is not null must hold. */
export interface SearchFilter {
  readonly genreId: string | null;
  readonly decades: readonly number[] | null;
  readonly explicit: boolean | null;
}

export interface SearchPage {
  readonly hits: readonly IndexedHit[];
  /** Null unless they were asked for. */
  readonly facets: Facets | null;
  /** The generation of the index that answered: another after each rebuild. */
  readonly generation: string;
}

export interface IndexedHit {
  readonly id: string;
  readonly kind: DocumentKind;
  readonly title: string;
  /** Where the title fits, in UTF-16 code units, in order, not overlapping. */
  readonly highlights: readonly { readonly start: number; readonly end: number }[];
  /**
   * How well it fits, 0 to 1, comparable between the kinds of one search; popularity is not in it.
   */
  readonly score: number;
  /** 0 to 100. */
  readonly popularity: number;
}

export interface Facets {
  /** By the genre's public id. */
  readonly genres: ReadonlyMap<string, number>;
  readonly decades: ReadonlyMap<number, number>;
  readonly explicit: ReadonlyMap<boolean, number>;
}

/** How far the index follows its sources: the position after the last change that is in it, by the source's name. */
export type Positions = Readonly<Record<string, string>>;

export interface IndexState {
  /** Null while nothing was ever built. */
  readonly generation: string | null;
  readonly builtAt: Date | null;
  readonly counts: Readonly<Record<DocumentKind, number>>;
  readonly positions: Positions;
  /**
   * Another one each time the index may have gone back to how it was some time ago, so that what was written before may be
   * lost; absent where it never does.
   */
  readonly incarnation?: string;
}

/** Changes the index that answers. One process at a time writes. */
export interface IndexWriter {
  /**
   * The state that is or will be readable once everything that was written before has taken effect.
   * @throws IndexUnavailableError
   */
  readState(): Promise<IndexState>;
  /**
   * Puts documents in or in place of what has their ids, removes others, and notes how far the sources were followed, in
   * this order: a position is never noted before what leads to it is safe. The same may be written again.
   *
   * An index that fails may come back as it was some minutes ago, positions included: after an error ask `readState` from
   * where to go on. Until then every further write may be refused.
   * @throws IndexUnavailableError
   * @throws NothingBuiltError while there is no index that could be changed: the first one has to be built
   */
  write(changes: IndexChanges): Promise<void>;
  /**
   * A new index beside the one that answers. One that was begun before and not finished is thrown away: to write to it
   * is an IndexUnavailableError from now on.
   * @throws IndexUnavailableError
   */
  beginRebuild(): Promise<FreshIndex>;
}

export interface IndexChanges {
  readonly put: readonly SearchDocument[];
  /** Public ids. */
  readonly remove: readonly string[];
  readonly positions: Positions;
}

/** An index that is being built and does not answer yet. Its calls throw IndexUnavailableError. */
export interface FreshIndex {
  write(changes: IndexChanges): Promise<void>;
  /** Puts it whole in the place of the one that answers, which is thrown away. */
  swap(): Promise<void>;
  /** Throws it away. */
  discard(): Promise<void>;
}

/** The index did not answer, or not in time. */
export class IndexUnavailableError extends Error {
  /** Whether it was too slow, rather than away. */
  readonly timedOut: boolean;
  constructor(message: string, { timedOut = false, cause }: { timedOut?: boolean; cause?: unknown } = {}) {
    super(message, { cause });
    this.name = 'IndexUnavailableError';
    this.timedOut = timedOut;
  }
}

/** There is no index yet that could be changed. */
export class NothingBuiltError extends Error {
  constructor() {
    super('Nothing was built yet: a first index has to be built before it can be changed');
    this.name = 'NothingBuiltError';
  }
}
