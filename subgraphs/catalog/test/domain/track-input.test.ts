import { describe, expect, it } from 'vitest';
import { readCorrection, readMarkets, readWindows } from '../../src/domain/track-input.ts';

const codes = (read: { problems: readonly { field: readonly string[]; code: string }[] }) =>
  read.problems.map(({ field, code }) => `${field.join('.')} ${code}`);
const moment = (iso: string) => new Date(iso);

describe('a correction', () => {
  it('carries what was given, without spaces around the title, and no other field', () => {
    expect(readCorrection({ title: ' Blue ', isrc: null })).toEqual({
      value: { title: 'Blue', isrc: null },
      problems: [],
    });
    expect(readCorrection({ explicit: false })).toEqual({ value: { explicit: false }, problems: [] });
  });

  it.each([
    ['an empty title', { title: '  ' }, 'title TOO_SHORT'],
    ['a title of 501 characters', { title: '🎵'.repeat(501) }, 'title TOO_LONG'],
    ['a title with NUL', { title: 'a\0b' }, 'title INVALID'],
    ['a title with half a character', { title: '\ud83c' }, 'title INVALID'],
    ['no title', { title: null }, 'title INVALID'],
    ['neither explicit nor not', { explicit: null }, 'explicit INVALID'],
    ['an ISRC with hyphens', { isrc: 'US-QX9-16-02319' }, 'isrc INVALID'],
    ['an ISRC in lower case', { isrc: 'usqx91602319' }, 'isrc INVALID'],
    ['an empty ISRC', { isrc: '' }, 'isrc INVALID'],
  ])('is refused for %s', (_, input, problem) => {
    expect(codes(readCorrection(input))).toEqual([problem]);
  });

  it('takes titles of 500 characters, however many bytes they have', () => {
    expect(readCorrection({ title: '🎵'.repeat(500) }).problems).toEqual([]);
  });
});

describe('markets', () => {
  it('are 300 at most', () => {
    expect(codes(readMarkets(Array(300).fill('DE')))).toEqual([]);
    expect(codes(readMarkets(Array(301).fill('DE')))).toEqual(['markets LIMIT_REACHED']);
  });
});

describe('windows', () => {
  it('are one for each market of each entry, and without limit where none is given', () => {
    const from = moment('2026-01-01T00:00:00.000Z');
    expect(readWindows([{ markets: ['DE', 'FR'], from }]).value).toEqual([
      { market: 'DE', from: from.getTime(), until: Infinity },
      { market: 'FR', from: from.getTime(), until: Infinity },
    ]);
    expect(readWindows([{ markets: ['DE'], from: null, until: from }]).value).toEqual([
      { market: 'DE', from: -Infinity, until: from.getTime() },
    ]);
    expect(readWindows([])).toEqual({ value: [], problems: [] });
  });

  it('are refused by entry, with the field that is wrong', () => {
    const read = readWindows([
      { markets: ['DE'] },
      {
        markets: ['DE'],
        from: moment('2026-01-01T00:00:00.000Z'),
        until: moment('2026-01-01T00:00:00.000Z'),
      },
      { markets: [] },
      { markets: ['DE'], from: moment('0000-01-01T00:00:00.000Z') },
      { markets: ['DE'], until: moment('9999-12-31T23:59:59.000Z') },
    ]);
    expect(codes(read)).toEqual([
      'windows.1.until INVALID',
      'windows.2.markets INVALID',
      'windows.3.from INVALID',
      'windows.4.until INVALID',
    ]);
  });

  it('are a thousand at most', () => {
    const markets = Array<string>(250).fill('DE');
    expect(readWindows(Array(4).fill({ markets })).problems).toEqual([]);
    expect(codes(readWindows(Array(5).fill({ markets })))).toEqual(['windows LIMIT_REACHED']);
  });
});
