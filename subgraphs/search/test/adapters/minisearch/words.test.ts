import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { foldText } from '../../../src/adapters/minisearch/folded-text.ts';
import { readWords, wordsOf } from '../../../src/adapters/minisearch/words.ts';

/** Of any UTF-16 units, halves of pairs among them. */
const anyText = fc.array(fc.integer({ min: 0, max: 0xffff })).map((units) => String.fromCharCode(...units));

describe('folding', () => {
  it.each([
    ['Beyoncé', 'beyonce'],
    ['Beyonce\u0301', 'beyonce'],
    ['SIGUR RÓS', 'sigur ros'],
    ['Straße', 'strasse'],
    ['STRAẞE', 'strasse'],
    ['Æther Œuvre', 'aether oeuvre'],
    ['Trentemøller', 'trentemoller'],
    ['Łódź', 'lodz'],
    ['Đorđe', 'dorde'],
    ['Þór', 'thor'],
    ['İstanbul ısı', 'istanbul isi'],
    ['ﬁne ２０', 'fine 20'],
    ['Ёлка', 'елка'],
    ['Θεοδωράκης', 'θεοδωρακησ'],
    ['أَغَانِي', 'اغاني'],
    ['שָׁלוֹם', 'שלום'],
    ['カラオケ', 'からおけ'],
    ['ｶﾞﾝﾀﾞﾑ', 'がんだむ'],
    ['が か', 'が か'],
    ['คาราบาว', 'คาราบาว'],
    ['हिन्दी', 'हिन्दी'],
  ])('%s is %s', (text, folded) => {
    expect(foldText(text).text).toBe(folded);
  });

  it('takes a syllable of Hangul apart, so that it can be typed half', () => {
    expect(foldText('방탄').text.startsWith(foldText('바').text)).toBe(true);
  });

  it('remembers where each letter comes from', () => {
    const folded = foldText('🎸 Straße e\u0301t');
    const at = folded.text.indexOf('ss');
    expect([folded.originStart(at), folded.originEnd(at)]).toEqual([7, 8]);
    expect([folded.originStart(at + 1), folded.originEnd(at + 1)]).toEqual([7, 8]);
    const accented = folded.text.lastIndexOf('et');
    expect([folded.originStart(accented), folded.originEnd(accented)]).toEqual([10, 12]);
  });

  it('never leaves the text, whatever it is', () => {
    fc.assert(
      fc.property(anyText, (text) => {
        const folded = foldText(text);
        const places = Array.from(
          folded.text,
          (_, at) => [folded.originStart(at), folded.originEnd(at)] as const,
        );
        expect(places.every(([start, end]) => start < end && end <= text.length)).toBe(true);
        expect(readWords(folded).every(({ from, to }) => from < to && to <= folded.text.length)).toBe(true);
      }),
      { numRuns: 500 },
    );
  });
});

describe('words', () => {
  const words = (text: string) => wordsOf(text).flatMap(({ text: word, alias }) => (alias ? [] : [word]));
  const aliases = (text: string) => wordsOf(text).flatMap(({ text: word, alias }) => (alias ? [word] : []));

  it('are runs of letters and digits', () => {
    expect(words('One More Time (feat. 50 Cent) [Live]')).toEqual([
      'one',
      'more',
      'time',
      'feat',
      '50',
      'cent',
      'live',
    ]);
  });

  it('that stand without a space are also one', () => {
    expect([words('AC/DC'), aliases('AC/DC')]).toEqual([['ac', 'dc'], ['acdc']]);
    expect([words("don't stop"), aliases("don't stop")]).toEqual([['don', 't', 'stop'], ['dont']]);
    expect(aliases('R.E.M. and Jay-Z')).toEqual(['rem', 'jayz']);
    expect(aliases('a/very/long/enumeration/of/words')).toEqual([]);
  });

  it('of scripts without spaces are pairs of characters, each also alone', () => {
    expect([words('夜に駆ける'), aliases('夜に駆ける')]).toEqual([
      ['夜に', 'に駆', '駆け', 'ける'],
      ['夜', 'に', '駆', 'け', 'る'],
    ]);
    expect([words('夜'), aliases('夜')]).toEqual([['夜'], []]);
    expect(words('YOASOBI夜に 2')).toEqual(['yoasobi', '夜に', '2']);
    expect(words('𠮷野家')).toEqual(['𠮷野', '野家']);
  });

  it('are signs where a name has nothing else', () => {
    expect(words('!!!')).toEqual(['!!!']);
    expect(words('+ ÷')).toEqual(['+', '÷']);
    expect(words('   ')).toEqual([]);
  });

  it('stand one after another', () => {
    expect(wordsOf('AC/DC Live').map(({ text, position }) => [text, position])).toEqual([
      ['ac', 0],
      ['dc', 1],
      ['acdc', 0],
      ['live', 2],
    ]);
  });

  it('are cut where nobody would read on', () => {
    expect(words('x'.repeat(500))).toEqual(['x'.repeat(40)]);
  });
});
