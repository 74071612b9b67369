import { mostWords } from './ranking.ts';
import { wordsOf } from './words.ts';

/** A query, taken apart. */
export interface Query {
  /** Folded, each once, at most ten. The last one may only have been begun. */
  readonly words: readonly string[];
  /** All of its words in their order. */
  readonly text: readonly string[];
}

export function readQuery(text: string): Query {
  const all = wordsOf(text)
    .filter((word) => !word.alias)
    .map((word) => word.text);
  return { words: [...new Set(all)].slice(0, mostWords), text: all };
}

/** How many typing errors a word may have. Short words have too many neighbours. */
export function typosOf(word: string): number {
  if (word.length < 4 || digits.test(word)) return 0;
  return word.length < 8 ? 1 : 2;
}

const digits = /\d/;
