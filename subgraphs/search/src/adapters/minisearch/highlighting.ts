import type { IndexedHit } from '../../domain/search-index.ts';
import { Alignment, dead } from './alignment.ts';
import { foldText } from './folded-text.ts';
import { typosOf } from './query.ts';
import { readWords, type Word } from './words.ts';

interface Range {
  readonly start: number;
  end: number;
}

/**
 * Where a title fits the words of a query: whole words, and of a word that is only begun its beginning. Where a word is
 * found without errors, what is merely like it is left alone.
 * @param same whether the title is the query, perhaps with other spaces
 */
export function highlight(title: string, words: readonly string[], same: boolean): IndexedHit['highlights'] {
  const folded = foldText(title);
  const standing = readWords(folded);
  const ranges: Range[] = [];
  words.forEach((word, turn) => {
    for (const { from, to } of bestFits(word, turn === words.length - 1, standing)) {
      ranges.push({ start: folded.originStart(from), end: folded.originEnd(to - 1) });
    }
  });
  return same && ranges.length === 0 ? [{ start: 0, end: title.length }] : merged(ranges);
}

/** Where a word of the query stands among these with the fewest errors. */
function bestFits(
  word: string,
  mayBeBegun: boolean,
  standing: readonly Word[],
): readonly { readonly from: number; readonly to: number }[] {
  const alignment = new Alignment(word, typosOf(word));
  let fewest = typosOf(word);
  let fits: { from: number; to: number }[] = [];
  for (const { text, from, to } of standing) {
    let depth = 0;
    let begun = dead;
    while (depth < text.length && alignment.step(depth, text.charCodeAt(depth))) {
      depth += 1;
      if (mayBeBegun) begun = Math.min(begun, alignment.begun(depth));
    }
    const whole = depth === text.length ? alignment.whole(depth) : dead;
    const typos = Math.min(whole, begun);
    if (typos > fewest) continue;
    if (typos < fewest) fits = [];
    fewest = typos;
    fits.push({ from, to: whole <= begun ? to : Math.min(from + word.length, to) });
  }
  return fits;
}

function merged(ranges: Range[]): IndexedHit['highlights'] {
  const result: Range[] = [];
  for (const { start, end } of ranges.sort((a, b) => a.start - b.start || b.end - a.end)) {
    const last = result.at(-1);
    if (last && start < last.end) last.end = Math.max(last.end, end);
    else result.push({ start, end });
  }
  return result;
}
