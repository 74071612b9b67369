import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Alignment, dead } from '../../../src/adapters/minisearch/alignment.ts';
import { Vocabulary } from '../../../src/adapters/minisearch/vocabulary.ts';

/** Few letters, so that words are alike. */
const word = fc.string({ unit: fc.constantFrom('a', 'b', 'c'), minLength: 1, maxLength: 9 });

function errorsBetween(one: string, other: string): number {
  const rows = [...`${one} `].map((_, at) => [at, ...Array.from({ length: other.length }, () => 0)]);
  rows[0] = Array.from({ length: other.length + 1 }, (_, at) => at);
  const cell = (a: number, b: number) => rows[a]?.[b] as number;
  for (let a = 1; a <= one.length; a++) {
    for (let b = 1; b <= other.length; b++) {
      const same = one[a - 1] === other[b - 1];
      const swapped = a > 1 && b > 1 && one[a - 1] === other[b - 2] && one[a - 2] === other[b - 1];
      (rows[a] as number[])[b] = Math.min(
        cell(a - 1, b - 1) + (same ? 0 : 1),
        cell(a - 1, b) + 1,
        cell(a, b - 1) + 1,
        swapped ? cell(a - 2, b - 2) + 1 : dead,
      );
    }
  }
  return cell(one.length, other.length);
}

function vocabularyOf(words: readonly string[]): Vocabulary {
  const vocabulary = new Vocabulary();
  for (const [list, each] of words.entries()) vocabulary.listOf(each, () => list);
  return vocabulary;
}

describe('typing errors', () => {
  it.each([
    ['daft', 'dfat', 1],
    ['daft', 'daft', 0],
    ['beyonce', 'beyonse', 1],
    ['metallica', 'metalica', 1],
    ['moller', 'mlolre', 2],
  ])('between %s and %s are %i', (one, other, errors) => {
    const alignment = new Alignment(one, 2);
    for (const [depth, letter] of [...other].entries()) alignment.step(depth, letter.charCodeAt(0));
    expect(alignment.whole(other.length)).toBe(errors);
  });

  it('are counted in a whole vocabulary as they are between two words', () => {
    fc.assert(
      fc.property(
        fc.uniqueArray(word, { maxLength: 40 }),
        word,
        fc.integer({ min: 0, max: 2 }),
        (words, asked, most) => {
          const vocabulary = vocabularyOf(words);
          const found = vocabulary
            .findLike(asked, most, false)
            .flatMap(({ typos, lists }) => lists.map((list) => [words[list], typos]));
          const expected = words
            .map((each) => [each, errorsBetween(asked, each)] as const)
            .filter(([, typos]) => typos <= most);
          expect(found.toSorted()).toEqual(expected.toSorted());
        },
      ),
      { numRuns: 500 },
    );
  });

  it('are counted to the best beginning of longer words, whose first letter is right', () => {
    fc.assert(
      fc.property(
        fc.uniqueArray(word, { maxLength: 40 }),
        word,
        fc.integer({ min: 0, max: 2 }),
        (words, asked, most) => {
          const vocabulary = vocabularyOf(words);
          const best = new Map<string, number>();
          for (const { typos, lists } of vocabulary.findLike(asked, most, true)) {
            for (const list of lists) {
              const each = words[list] as string;
              best.set(each, Math.min(typos, best.get(each) ?? dead));
            }
          }
          for (const each of words) {
            const swapped = asked[0] === each[1] && asked[1] === each[0];
            const beginnings = Array.from({ length: each.length }, (_, at) => each.slice(0, at + 1))
              .filter((beginning) => asked[0] === each[0] || (swapped && beginning.length > 1))
              .map((beginning) => errorsBetween(asked, beginning));
            const typos = Math.min(errorsBetween(asked, each), ...beginnings);
            expect([each, best.get(each)]).toEqual([each, typos <= most ? typos : undefined]);
          }
        },
      ),
      { numRuns: 500 },
    );
  });
});

describe('words that begin like one or two letters', () => {
  it('are remembered, and new ones come to them', () => {
    const vocabulary = new Vocabulary();
    const add = (text: string, list: number) => vocabulary.listOf(text, () => list);
    const begun = (text: string) =>
      vocabulary.findLike(text, 0, true).flatMap(({ begun, lists }) => (begun ? lists : []));
    add('daft', 0);
    expect(begun('d')).toEqual([0]);
    expect(begun('da')).toEqual([0]);
    expect(begun('x')).toEqual([]);
    add('day', 1);
    add('dog', 2);
    add('x', 3);
    add('daft', 9);
    expect(begun('d')).toEqual([0, 1, 2]);
    expect(begun('da')).toEqual([0, 1]);
    expect(begun('x')).toEqual([3]);
  });
});
