import { plainLetters } from '../plain-letters.ts';

/** A text as it is compared, and where each part of it stands in the original. */
export interface FoldedText {
  /** Without case, diacritics and compatibility forms: `Sigur Rós` is `sigur ros`. */
  readonly text: string;
  /** Where in the original the character begins that this UTF-16 unit of `text` comes from. */
  originStart(index: number): number;
  /** Where that character ends, its combining marks included. */
  originEnd(index: number): number;
}

/**
 * Folds character by character, so that a part of the folded text can be found again in the original: folding changes
 * lengths (`ß` is `ss`, `é` may be two units or one).
 */
export function foldText(original: string): FoldedText {
  if (ascii.test(original)) {
    return { text: original.toLowerCase(), originStart: (index) => index, originEnd: (index) => index + 1 };
  }
  let text = '';
  const starts: number[] = [];
  const ends: number[] = [];
  for (const { 0: character, index } of original.matchAll(characters)) {
    const folded = foldCharacter(character);
    text += folded;
    for (let unit = 0; unit < folded.length; unit++) {
      starts.push(index);
      ends.push(index + character.length);
    }
  }
  return {
    text,
    originStart: (index) => starts[index] ?? original.length,
    originEnd: (index) => ends[index] ?? original.length,
  };
}

const ascii = /^[ -~]*$/;
// A character and what combines with it; the halfwidth voicing marks of kana are none by Unicode's word.
const characters = /[\s\S][\p{M}\uff9e\uff9f]*/gu;

const cache = new Map<string, string>();
const cacheSize = 20_000;

function foldCharacter(character: string): string {
  const known = cache.get(character);
  if (known !== undefined) return known;
  const folded = fold(character);
  if (cache.size < cacheSize) cache.set(character, folded);
  return folded;
}

function fold(character: string): string {
  const bare = character.normalize('NFKD').toLowerCase().normalize('NFKD').replace(diacritics, '');
  const letters = plainLetters(bare);
  const kana = letters.replace(katakana, (letter) => String.fromCharCode(letter.charCodeAt(0) - 0x60));
  // Voicing is no accent: か and が are two letters. Hangul stays in its jamo, so that a syllable can be typed half.
  return voicing.test(kana) ? kana.normalize('NFC') : kana;
}

/**
 * Marks without which a word stays the same word: accents of Latin, Greek and Cyrillic, points of Hebrew, vowel signs of
 * Arabic. The vowels of Thai or Devanagari are marks too, and stay.
 */
const diacritics = new RegExp(
  `[${[
    '\\u0300-\\u036f\\u1ab0-\\u1aff\\u1dc0-\\u1dff\\u20d0-\\u20ff\\ufe20-\\ufe2f',
    '\\u0483-\\u0487',
    '\\u0591-\\u05c7',
    '\\u0610-\\u061a\\u0640\\u064b-\\u065f\\u0670\\u06d6-\\u06ed',
    // Not to be seen: joiners, directions, the variants of a character.
    '\\u200b-\\u200f\\ufe00-\\ufe0f',
  ].join('')}]`,
  'g',
);
const katakana = /[\u30a1-\u30f6]/g;
const voicing = /[\u3099\u309a]/;
