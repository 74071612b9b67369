import { fields, type KindIndex } from './kind-index.ts';
import { typosOf } from './query.ts';
import { one, partOfWord } from './ranking.ts';
import type { Candidate } from './vocabulary.ts';

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
   * @param onlyTitles whether a word must stand in the title
   * @returns good until the next call
   */
  match(index: KindIndex, words: readonly string[], onlyTitles: boolean): Matches {
    this.prepare(index.documents.end);
    const { fits, best, positions, lastPositions, found, ofWord } = this;
    let foundCount = 0;
    words.forEach((word, turn) => {
      const candidates = inOrder(
        index.vocabulary.findLike(word, typosOf(word), turn === words.length - 1),
        (list) => index.lists.length(list),
      );
      let count = 0;
      let room = mostEntries;
      for (const { list, typos, begun } of candidates) {
        room -= index.lists.length(list);
        if (room < 0 && count > 0) break;
        const entries = index.lists.entries(list);
        const way = (typos << 3) | (begun ? 4 : 0);
        for (let at = 0; at < entries.length; at++) {
          const entry = entries[at] as number;
          const field = (entry >> 6) & 3;
          if (onlyTitles && field !== fields.title) continue;
          const document = entry >>> 8;
          const before = best[document] as number;
          if (before === none) {
            ofWord[count] = document;
            count += 1;
          }
          if ((way | field) < before) {
            best[document] = way | field;
            positions[document] = entry & 63;
          }
        }
      }
      for (let at = 0; at < count; at++) {
        const document = ofWord[at] as number;
        const how = best[document] as number;
        best[document] = none;
        if (fits[document] === 0) {
          found[foundCount] = document;
          foundCount += 1;
          lastPositions[document] = none;
        }
        let part = partOfWord(how >> 3, (how & 4) !== 0, how & 3);
        if ((how & 3) === fields.title) {
          const position = positions[document] as number;
          part += one.inTitle;
          if (position === (lastPositions[document] as number) + 1) part += one.follows;
          if (turn === 0 && position === 0) part += one.first;
          lastPositions[document] = position;
        }
        fits[document] = (fits[document] as number) + part;
      }
    });
    return { documents: found.subarray(0, foundCount), fits };
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
/** Of one word of a query. What is left out then is what fits worst: words that are only like it, rare ones first. */
const mostEntries = 2_000_000;

/** The best first, among equals the frequent ones first. */
function inOrder(candidates: Candidate[], frequency: (list: number) => number): Candidate[] {
  const rank = ({ typos, begun }: Candidate) => typos * 2 + (begun ? 1 : 0);
  return candidates.sort((a, b) => rank(a) - rank(b) || frequency(b.list) - frequency(a.list));
}
