import type { IndexedHit } from '../../domain/search-index.ts';
import { foldText } from './folded-text.ts';
import { typosOf } from './query.ts';
import { type Candidate, Vocabulary } from './vocabulary.ts';
import { readWords } from './words.ts';

/**
 * Where a title fits the words of a query: whole words, and of a word that is only begun its beginning.
 * @param same whether the title is the query, perhaps with other spaces
 */
export function highlight(title: string, words: readonly string[], same: boolean): IndexedHit['highlights'] {
  const folded = foldText(title);
  const ranges: { start: number; end: number }[] = [];
  const standing = readWords(folded);
  // A vocabulary of this one title finds in it what the big one found in all.
  const vocabulary = new Vocabulary();
  for (const { text } of standing) vocabulary.listOf(text, () => 0);
  words.forEach((word, turn) => {
    const like = vocabulary.findLike(word, typosOf(word), turn === words.length - 1);
    const fewest = Math.min(...like.map(({ typos }) => typos));
    const found = new Map(
      like.filter(({ typos }) => typos === fewest).map((candidate) => [candidate.text, candidate]),
    );
    for (const { text, from, to } of standing) {
      const candidate = found.get(text);
      if (!candidate) continue;
      ranges.push({
        start: folded.originStart(from),
        end: folded.originEnd(endOf(candidate, word, from, to) - 1),
      });
    }
  });
  return same && ranges.length === 0 ? [{ start: 0, end: title.length }] : merged(ranges);
}

function endOf({ begun }: Candidate, word: string, from: number, to: number): number {
  return begun ? Math.min(from + word.length, to) : to;
}

function merged(ranges: { start: number; end: number }[]): IndexedHit['highlights'] {
  const result: { start: number; end: number }[] = [];
  for (const { start, end } of ranges.sort((a, b) => a.start - b.start || b.end - a.end)) {
    const last = result.at(-1);
    if (last && start < last.end) last.end = Math.max(last.end, end);
    else result.push({ start, end });
  }
  return result;
}
