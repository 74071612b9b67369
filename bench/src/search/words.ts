import type { Random } from '../random.ts';

export interface Words {
  /**
   * Words with spaces between them, each with a capital.
   * @param rarer how many of the most frequent words not to use
   */
  phrase(random: Random, length: number, rarer: number): string;
}

const frequent =
  `the love you me of my a in and to night on it for heart time no one we all be your day life don't
  feat remix man girl live baby song world with blue black dance good last let come go never down way home again
  light from up dream high little like know feel star mind out back la de el que amor fire rain summer new old king
  queen river road moon sun soul sky wild free lost hold run sweet true big bad red white gold`
    .trim()
    .split(/\s+/);
const syllables = [
  'b',
  'br',
  'c',
  'ch',
  'd',
  'f',
  'g',
  'h',
  'j',
  'k',
  'l',
  'm',
  'n',
  'p',
  'r',
  's',
  'st',
  't',
  'v',
  'z',
]
  .flatMap((head) => ['a', 'e', 'i', 'o', 'u', 'é', 'ö'].map((tail) => head + tail))
  .flatMap((open) => [open, `${open}n`, `${open}r`, `${open}l`]);

/** @param size how many different words there are */
export function createWords(size: number): Words {
  /** Zipf's law: the word of rank n is n times rarer than the first. */
  const rank = (random: Random, from: number) =>
    Math.floor(from + (size / (from + 1)) ** random.next() * (from + 1)) - 1;
  const word = (at: number) => frequent[at] ?? invented(at);
  return {
    phrase(random, length, rarer) {
      return Array.from({ length }, () => capital(word(Math.min(size - 1, rank(random, rarer))))).join(' ');
    },
  };
}

/** Two syllables for the first hundred thousands, then three. The order is shuffled, so that neighbours are not alike. */
function invented(at: number): string {
  let rest = Math.imul(at, 0x9e3779b1) >>> 0;
  let word = '';
  for (let count = at < 300_000 ? 2 : 3; count > 0; count--) {
    word += syllables[rest % syllables.length];
    rest = Math.floor(rest / syllables.length);
  }
  return word;
}

function capital(word: string): string {
  return word.charAt(0).toUpperCase() + word.slice(1);
}
