import type { SearchDocument } from '../../domain/search-document.ts';
import { InternedSets } from './interned-sets.ts';

/** What is known of each document of one kind besides its words, in columns, by the document's number. */
export class DocumentTable {
  readonly ids: (string | null)[] = [];
  readonly titles: string[] = [];
  columns = createColumns(64);
  readonly marketSets = new InternedSets();
  readonly genreSets = new InternedSets();
  private readonly numbers = new Map<string, number>();
  private free: number[] = [];
  private removed: number[] = [];

  constructor() {
    this.marketSets.intern([everywhere]);
  }

  /** How many there are. */
  get size(): number {
    return this.numbers.size;
  }

  /** One more than the highest number of a document. */
  get end(): number {
    return this.ids.length;
  }

  /** How many were removed whose numbers still stand in lists. */
  get removedCount(): number {
    return this.removed.length;
  }

  /** @returns its number, below 16,777,216 */
  add(document: SearchDocument, titleLength: number, titleHash: number): number {
    const number = this.free.pop() ?? this.ids.length;
    if (number >= mostDocuments)
      throw new RangeError(`the embedded index holds at most ${mostDocuments} of a kind`);
    if (number >= this.columns.markets.length) this.columns = createColumns(number * 2, this.columns);
    const { columns } = this;
    this.ids[number] = document.id;
    this.titles[number] = document.title;
    columns.markets[number] = document.markets ? this.marketSets.intern(document.markets) : 0;
    columns.genres[number] = this.genreSets.intern(document.genreIds);
    columns.titleHashes[number] = titleHash;
    columns.decades[number] = document.decade ?? 0;
    columns.popularities[number] = Math.max(0, Math.min(100, Math.round(document.popularity)));
    columns.flags[number] = document.explicit ? flags.explicit : 0;
    columns.titleLengths[number] = Math.min(255, titleLength);
    this.numbers.set(document.id, number);
    return number;
  }

  /** Its number is not given to another until `forgetRemoved`. */
  remove(id: string): void {
    const number = this.numbers.get(id);
    if (number === undefined) return;
    this.numbers.delete(id);
    this.ids[number] = null;
    this.columns.flags[number] = flags.removed;
    this.titles[number] = '';
    this.removed.push(number);
  }

  /** To be called once no list has the removed ones any more. */
  forgetRemoved(): void {
    this.free.push(...this.removed.splice(0));
  }

  /**
   * Takes over what another table had.
   * @param ids null where a document was removed
   */
  restore(ids: readonly (string | null)[], titles: readonly string[], columns: Columns): void {
    this.columns = columns;
    ids.forEach((id, number) => {
      this.ids.push(id);
      this.titles.push(titles[number] as string);
      if (id === null) this.free.push(number);
      else this.numbers.set(id, number);
    });
  }
}

export const flags = { explicit: 1, removed: 2 } as const;

/** By the number of a document. */
export interface Columns {
  /** The number of a set of `marketSets`; 0 where it may be found everywhere. */
  readonly markets: Uint32Array;
  /** The number of a set of `genreSets`. */
  readonly genres: Uint32Array;
  /** By which equal titles are told, however they are written. */
  readonly titleHashes: Uint32Array;
  /** 0 when unknown. */
  readonly decades: Uint16Array;
  readonly popularities: Uint8Array;
  /** A sum of `flags`. */
  readonly flags: Uint8Array;
  /** In words. */
  readonly titleLengths: Uint8Array;
}

/** @param from what the columns begin with; zeros without it */
export function createColumns(length: number, from?: Columns): Columns {
  const columns: Columns = {
    markets: new Uint32Array(length),
    genres: new Uint32Array(length),
    titleHashes: new Uint32Array(length),
    decades: new Uint16Array(length),
    popularities: new Uint8Array(length),
    flags: new Uint8Array(length),
    titleLengths: new Uint8Array(length),
  };
  if (from) {
    for (const name of columnNames) columns[name].set(from[name]);
  }
  return columns;
}

export const columnNames = [
  'markets',
  'genres',
  'titleHashes',
  'decades',
  'popularities',
  'flags',
  'titleLengths',
] as const satisfies readonly (keyof Columns)[];

/** Stands in the set of markets number 0. */
export const everywhere = '*';
const mostDocuments = 2 ** 24;
