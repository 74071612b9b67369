/**
 * How well a document fits, gathered word by word into one number, and what orders documents. All fields are sums over
 * the words of the query, so that a word adds its part by one addition.
 */
export const mostWords = 10;

/** What one word adds: how it was found in the document where it was found best. */
export function partOfWord(typos: number, begun: boolean, field: number): number {
  return one.word + typos * one.typo + (begun ? one.begun : 0) + field * one.field;
}

/** What one word adds when it was found in the title. */
export const one = {
  /** 0 for the title, 1 for artists, 2 for the album or the description: at most 20. */
  field: 1,
  /** At most 20. */
  typo: 1 << 5,
  word: 1 << 10,
  inTitle: 1 << 14,
  /** It stands in the title right after the word before it in the query. */
  follows: 1 << 18,
  begun: 1 << 22,
  /** It is the first word of both. */
  first: 1 << 23,
} as const;

const fieldsOf = (fit: number) => fit & 31;
const typosOf = (fit: number) => (fit >> 5) & 31;
export const wordsFound = (fit: number) => (fit >> 10) & 15;
const wordsInTitle = (fit: number) => (fit >> 14) & 15;
const following = (fit: number) => (fit >> 18) & 15;
const hasBegun = (fit: number) => (fit >> 22) & 1;
const isFirst = (fit: number) => (fit >> 23) & 1;

/**
 * How well a document fits; greater is better. By this order: more words; fewer typing errors; whole words only; a title
 * that is the query, or has no other words than it; title before artists before album; the words one after another.
 * @param fit the sum of all words' parts
 * @param words how many the query has
 * @param titleLength in words
 * @param same whether the title is the query, but for spaces and how it is folded
 * @returns 0 to 131,071
 */
export function relevanceOf(fit: number, words: number, titleLength: number, same: boolean): number {
  const found = wordsFound(fit);
  const title = same && typosOf(fit) === 0 ? 3 : wordsInTitle(fit) === titleLength ? 2 : 0;
  const inOrder = following(fit) === words - 1 ? 1 : 0;
  return (
    (found << 13) |
    (Math.max(0, 15 - typosOf(fit)) << 9) |
    ((1 - hasBegun(fit)) << 8) |
    (title << 6) |
    ((31 - fieldsOf(fit)) << 1) |
    inOrder
  );
}

/** The relevance as a number from 0 to 1 that means the same for every query and kind. */
export function scoreOf(relevance: number, words: number): number {
  return ((relevance >> 13) - 1 + ((relevance & 8_191) + 1) / 8_192) / words;
}

/**
 * How well a document fits as a suggestion. By this order: fewer typing errors; texts that begin like the query; a text
 * that is the query. Whether the last word is whole is all the same, for it is still being typed, unless it has errors:
 * a word that is only begun and wrong too may be anything.
 * @returns 0 to 127
 */
export function suggestionRelevanceOf(fit: number, words: number, same: boolean): number {
  const begins = isFirst(fit) === 1 && following(fit) === words - 1;
  const errors = typosOf(fit) * 2 + (typosOf(fit) > 0 ? hasBegun(fit) : 0);
  return (Math.max(0, 31 - errors) << 2) | (begins ? 2 : 0) | (same ? 1 : 0);
}

export const bestSuggestion = 127;

/** Puts in one number what documents are sorted by: the relevance, then the popularity, then the lower number. */
export function keyOf(relevance: number, popularity: number, document: number): number {
  return (relevance * 128 + popularity) * 2 ** 24 + (2 ** 24 - 1 - document);
}

export const documentOfKey = (key: number) => 2 ** 24 - 1 - (key % 2 ** 24);
export const relevanceOfKey = (key: number) => Math.floor(key / 2 ** 31);
export const rankOfKey = (key: number) => Math.floor(key / 2 ** 24);

/** FNV-1a, of the words of a title or a query without the spaces between them: `AC/DC` is `ac dc` is `acdc`. */
export function hashOf(words: readonly string[]): number {
  let hash = 0x811c9dc5;
  for (const word of words) {
    for (let at = 0; at < word.length; at++) hash = Math.imul(hash ^ word.charCodeAt(at), 0x01000193);
  }
  return hash >>> 0;
}
