import { fields, type KindIndex } from './kind-index.ts';
import { typosOf } from './query.ts';
import { one, partOfWord } from './ranking.ts';

/** The documents that have words of a query, and how they fit. */
export interface Matches {
  /** Their numbers, in no order. Removed ones may be among them. */
  readonly documents: Uint32Array;
  /** By the number of a document: the sum of its words' parts. */
  readonly fits: Uint32Array;
}

/**
 * Finds documents by words: one pass over the lists of all candidates of a word, then the next word. What it gathers
 * stands in arrays that are used again for the next query, so that a query of a million documents allocates nothing.
 */
export class Matching {
  private fits = new Uint32Array(0);
  /** Of the word at hand, the best way it was found: typing errors, begun or whole, field. */
  private best = new Uint8Array(0);
  private positions = new Uint8Array(0);
  /** Where in the title the last word was found. */
  private lastPositions = new Uint8Array(0);
  private found = new Uint32Array(0);
  private ofWord = new Uint32Array(0);

  /**
   * @param strict whether a document must have all words, and in its title
   * @returns good until the next call
   */
  match(index: KindIndex, words: readonly string[], strict: boolean): Matches {
    this.prepare(index.documents.end);
    let found = 0;
    words.forEach((word, turn) => {
      const last = turn === words.length - 1;
      const onlyFound = turn > 0 && strict;
      // One or two letters say too little to find something by themselves.
      const onlyFoundIfBegun = onlyFound || (found > 0 && word.length <= 2);
      let count = 0;
      let room = mostEntries;
      for (const { typos, begun, lists } of index.vocabulary.findLike(word, typosOf(word), last)) {
        const way = (typos << 3) | (begun ? 4 : 0);
        for (let at = 0; at < lists.length && room > 0; at++) {
          const entries = index.lists.entries(lists[at] as number);
          room -= entries.length;
          count = this.note(entries, way, strict, begun ? onlyFoundIfBegun : onlyFound, count);
        }
      }
      found = this.addUp(count, turn === 0, found);
    });
    return { documents: this.found.subarray(0, found), fits: this.fits };
  }

  /** Notes of one word where it stands, where that is better than what was noted before. */
  private note(
    entries: Uint32Array,
    way: number,
    onlyTitles: boolean,
    onlyFound: boolean,
    count: number,
  ): number {
    const { fits, best, positions, ofWord } = this;
    let noted = count;
    for (let at = 0; at < entries.length; at++) {
      const entry = entries[at] as number;
      const field = (entry >> 6) & 3;
      if (onlyTitles && field !== fields.title) continue;
      const document = entry >>> 8;
      if (onlyFound && fits[document] === 0) continue;
      const before = best[document] as number;
      if (before === none) {
        ofWord[noted] = document;
        noted += 1;
      }
      if ((way | field) < before) {
        best[document] = way | field;
        positions[document] = entry & 63;
      }
    }
    return noted;
  }

  /** Adds what was noted of one word to what is known of the documents. */
  private addUp(count: number, first: boolean, foundBefore: number): number {
    const { fits, best, positions, lastPositions, ofWord } = this;
    let found = foundBefore;
    for (let at = 0; at < count; at++) {
      const document = ofWord[at] as number;
      const how = best[document] as number;
      best[document] = none;
      if (fits[document] === 0) {
        this.found[found] = document;
        found += 1;
        lastPositions[document] = none;
      }
      let part = partOfWord(how >> 3, (how & 4) !== 0, how & 3);
      if ((how & 3) === fields.title) {
        const position = positions[document] as number;
        part += one.inTitle;
        if (position === (lastPositions[document] as number) + 1) part += one.follows;
        if (first && position === 0) part += one.first;
        lastPositions[document] = position;
      }
      fits[document] = (fits[document] as number) + part;
    }
    return found;
  }

  private prepare(end: number): void {
    if (this.fits.length < end) {
      const length = Math.ceil(end * 1.25) + 64;
      this.fits = new Uint32Array(length);
      this.best = new Uint8Array(length).fill(none);
      this.positions = new Uint8Array(length);
      this.lastPositions = new Uint8Array(length);
      this.found = new Uint32Array(length);
      this.ofWord = new Uint32Array(length);
    }
    this.fits.fill(0);
  }
}

const none = 255;
/** Of one word of a query; what is left out then is what is least like it. */
const mostEntries = 2_000_000;
