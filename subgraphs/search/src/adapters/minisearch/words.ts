import { type FoldedText, foldText } from './folded-text.ts';

/** A word of a text, folded. */
export interface Word {
  readonly text: string;
  /** Which word of the text it is, from 0. */
  readonly position: number;
  /**
   * Another way to write what stands here, by which it is found too: `acdc` for the first word of `AC/DC`, a single
   * character of Chinese. A query has none of these.
   */
  readonly alias: boolean;
  /** Where it stands in the folded text, in UTF-16 units; `to` is exclusive. */
  readonly from: number;
  readonly to: number;
}

/** Longer words are cut: nobody types them, and they would make the tree of words deep. */
export const longestWord = 40;
const longestAlias = 12;

/**
 * The words of a text. Scripts that put no spaces between words (Chinese, Japanese, Thai …) are taken in pairs of
 * characters, which finds any part of them and needs no dictionary.
 */
export function readWords(folded: FoldedText): Word[] {
  const { text } = folded;
  const words: Word[] = [];
  let position = 0;
  /** The words that stand without a space between them: `AC/DC`, `don't`. */
  let joined: Word[] = [];
  const endJoined = () => {
    const alias = joined.map((word) => word.text).join('');
    const [first] = joined;
    if (first && joined.length > 1 && alias.length <= longestAlias) {
      words.push({ ...first, text: alias, alias: true, to: joined.at(-1)?.to ?? first.to });
    }
    joined = [];
  };

  let end = 0;
  for (const match of text.matchAll(runs)) {
    const from = match.index;
    if (joined.length > 0 && space.test(text.slice(end, from))) endJoined();
    end = from + match[0].length;
    if (unspaced.test(match[0])) {
      endJoined();
      const pairs = readPairs(match[0], from, position);
      position += pairs.filter((word) => !word.alias).length;
      words.push(...pairs);
    } else {
      const word = { text: match[0].slice(0, longestWord), position, alias: false, from, to: end };
      position += 1;
      words.push(word);
      joined.push(word);
    }
  }
  endJoined();
  return words.length > 0 ? words : readSymbols(text);
}

/** The words of a text that nobody needs to find again in the original. */
export function wordsOf(text: string): Word[] {
  return readWords(foldText(text));
}

// Runs of letters and digits of one kind of script.
const unspacedLetter =
  '[\\p{scx=Han}\\p{scx=Hira}\\p{scx=Kana}\\p{scx=Thai}\\p{scx=Laoo}\\p{scx=Khmr}\\p{scx=Mymr}]';
const unspaced = new RegExp(`^(?:(?=[\\p{L}\\p{N}\\p{M}])${unspacedLetter})`, 'u');
const runs = new RegExp(
  `(?:(?=[\\p{L}\\p{N}\\p{M}])${unspacedLetter})+|(?:(?!${unspacedLetter})[\\p{L}\\p{N}\\p{M}])+`,
  'gu',
);
const space = /\s/;

function readPairs(run: string, from: number, position: number): Word[] {
  const characters = [...run];
  const words: Word[] = [];
  let at = from;
  characters.forEach((character, index) => {
    const next = characters[index + 1];
    const place = { position: position + index, from: at };
    const single = { text: character, to: at + character.length, ...place };
    if (next !== undefined) {
      words.push({ text: character + next, alias: false, to: at + character.length + next.length, ...place });
      words.push({ ...single, alias: true });
    } else {
      words.push({
        ...single,
        alias: characters.length > 1,
        // The last character stands in the last pair.
        position: characters.length > 1 ? place.position - 1 : place.position,
      });
    }
    at += character.length;
  });
  return words;
}

/** A name may have no letter at all: `!!!`, `÷`, `+`. */
function readSymbols(text: string): Word[] {
  return [...text.matchAll(/\S+/gu)].map((match, position) => ({
    text: match[0].slice(0, longestWord),
    position,
    alias: false,
    from: match.index,
    to: match.index + match[0].length,
  }));
}
