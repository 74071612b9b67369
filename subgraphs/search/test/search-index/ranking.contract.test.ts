import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { SearchDocument } from '../../src/domain/search-document.ts';
import type { SearchQuery } from '../../src/domain/search-index.ts';
import { aDocument, idOf } from '../documents.ts';
import {
  aQuery,
  build,
  everyone,
  type IndexUnderTest,
  implementations,
  marked,
  titles,
} from '../indexes-under-test.ts';

const library: readonly SearchDocument[] = [
  aDocument('artist', 'Daft Punk', { popularity: 80, genreIds: [idOf('genre', 2)] }),
  aDocument('artist', 'Punk Daft Revival', { popularity: 95 }),
  aDocument('artist', 'Daft', { popularity: 10 }),
  aDocument('artist', 'Beyoncé', { popularity: 90 }),
  aDocument('artist', 'Sigur Rós', { popularity: 60 }),
  aDocument('artist', 'Björk', { popularity: 65 }),
  aDocument('artist', 'Trentemøller', { popularity: 40 }),
  aDocument('artist', 'Łona', { popularity: 30 }),
  aDocument('artist', 'Großstadtgeflüster', { popularity: 30 }),
  aDocument('artist', 'Metallica', { popularity: 85 }),
  aDocument('artist', 'Metalica', { popularity: 5 }),
  aDocument('artist', 'Радиохэд', { popularity: 20 }),
  aDocument('artist', 'Кино', { popularity: 50 }),
  aDocument('artist', 'Μίκης Θεοδωράκης', { popularity: 50 }),
  aDocument('artist', 'أم كلثوم', { popularity: 50 }),
  aDocument('artist', '周杰倫', { popularity: 70 }),
  aDocument('artist', '宇多田ヒカル', { popularity: 70 }),
  aDocument('artist', '방탄소년단', { popularity: 90 }),
  aDocument('artist', 'คาราบาว', { popularity: 40 }),
  aDocument('artist', 'The Weeknd', { popularity: 92 }),

  aDocument('track', 'Hello', { popularity: 70, artistNames: ['Adele'], albumTitle: '25' }),
  aDocument('track', 'Hello Goodbye', { popularity: 88, artistNames: ['The Beatles'] }),
  aDocument('track', 'Hallo', { popularity: 99, artistNames: ['Somebody'] }),
  aDocument('track', 'Goodbye Stranger', { popularity: 75, artistNames: ['Supertramp'] }),
  aDocument('track', 'One More Time', {
    popularity: 77,
    artistNames: ['Daft Punk'],
    albumTitle: 'Discovery',
  }),
  aDocument('track', 'One More Time, Live', { popularity: 30, artistNames: ['Daft Punk'] }),
  aDocument('track', 'Aerodynamic', { popularity: 60, artistNames: ['Daft Punk'], albumTitle: 'Discovery' }),
  aDocument('track', 'Discovery', { popularity: 1, artistNames: ['Nobody'] }),
  aDocument('track', 'Lullaby', { popularity: 50, artistNames: ['Discovery'] }),
  aDocument('track', '🎸 Straße nach Süden 🎸', { popularity: 10, artistNames: ['Erika'] }),
  aDocument('track', '夜に駆ける', { popularity: 80, artistNames: ['YOASOBI'] }),

  aDocument('track', 'Nord Wind', { popularity: 1 }),
  aDocument('track', 'Nordic Sun', { popularity: 90 }),

  aDocument('album', 'Discovery', { popularity: 70, artistNames: ['Daft Punk'] }),
  aDocument('album', 'Homework', { popularity: 60, artistNames: ['Daft Punk'] }),
  aDocument('playlist', 'Sunday morning', { description: 'Slow coffee and Beyoncé', popularity: 3 }),
  aDocument('playlist', 'Coffee', { popularity: 1 }),
];

describe.each(implementations)('a SearchIndex of %s, with a library,', (_name, open) => {
  let opened: IndexUnderTest;
  beforeAll(async () => {
    opened = await open();
    await build(opened.writer, library);
  });
  afterAll(() => opened?.close());

  const search = async (query: SearchQuery) => {
    const [page] = await opened.index.search([query]);
    if (!page) throw new Error('there is a page for each query');
    return page;
  };
  const find = async (kind: SearchQuery['kind'], text: string) =>
    titles((await search(aQuery(kind, text))).hits);
  const suggest = (prefix: string) => opened.index.suggest({ prefix, audience: everyone, limit: 8 });

  it.each([
    ['beyonce', 'Beyoncé'],
    ['BEYONCÉ', 'Beyoncé'],
    ['Beyonce\u0301', 'Beyoncé'],
    ['sigur ros', 'Sigur Rós'],
    ['bjork', 'Björk'],
    ['trentemoller', 'Trentemøller'],
    ['lona', 'Łona'],
    ['grossstadtgefluster', 'Großstadtgeflüster'],
  ])('finds without case and accents: %s', async (text, title) => {
    expect((await find('artist', text))[0]).toBe(title);
  });

  it.each([
    ['кино', 'Кино'],
    ['КИНО', 'Кино'],
    ['θεοδωρακης', 'Μίκης Θεοδωράκης'],
    ['ΘΕΟΔΩΡΆΚΗΣ', 'Μίκης Θεοδωράκης'],
    ['ام كلثوم', 'أم كلثوم'],
    ['周杰倫', '周杰倫'],
    ['周', '周杰倫'],
    ['宇多田ヒカル', '宇多田ヒカル'],
    ['宇多田', '宇多田ヒカル'],
    ['방탄소년단', '방탄소년단'],
    ['방탄', '방탄소년단'],
    ['คาราบาว', 'คาราบาว'],
    ['คารา', 'คาราบาว'],
  ])('finds in other scripts: %s', async (text, title) => {
    expect((await find('artist', text))[0]).toBe(title);
  });

  it.each([
    ['dfat punk', 'Daft Punk'],
    ['daft pnuk', 'Daft Punk'],
    ['daft punkk', 'Daft Punk'],
    ['beyonse', 'Beyoncé'],
    ['byeonce', 'Beyoncé'],
    ['trentmoller', 'Trentemøller'],
    ['trentemlolre', 'Trentemøller'],
    ['радиохед', 'Радиохэд'],
  ])('finds what was meant with letters wrong, missing, too many or swapped: %s', async (text, title) => {
    expect((await find('artist', text))[0]).toBe(title);
  });

  it('finds by the beginning of the last word', async () => {
    expect((await find('artist', 'daft pu'))[0]).toBe('Daft Punk');
    expect(await find('artist', 'beyo')).toEqual(['Beyoncé']);
    expect(await find('artist', 'weekn')).toEqual(['The Weeknd']);
  });

  it('puts documents with all words before those with some', async () => {
    expect((await find('artist', 'daft punk')).slice(0, 2).toSorted()).toEqual([
      'Daft Punk',
      'Punk Daft Revival',
    ]);
    const found = await find('artist', 'daft punk');
    expect(found.indexOf('Daft')).toBeGreaterThanOrEqual(2);
    expect((await find('track', 'goodbye stranger'))[0]).toBe('Goodbye Stranger');
  });

  it('finds documents with some of the words when none has all', async () => {
    expect(await find('artist', 'beyonce qqqqqqq')).toContain('Beyoncé');
  });

  it('puts fewer typing errors before more, whatever is popular', async () => {
    expect(await find('artist', 'metalica')).toEqual(['Metalica', 'Metallica']);
    expect((await find('track', 'hello')).at(-1)).toBe('Hallo');
  });

  it('puts the title that is the query before longer ones that are more popular', async () => {
    expect((await find('track', 'hello')).slice(0, 2)).toEqual(['Hello', 'Hello Goodbye']);
    expect((await find('track', 'one more time daft punk')).slice(0, 2)).toEqual([
      'One More Time',
      'One More Time, Live',
    ]);
  });

  it('puts whole words before beginnings', async () => {
    expect(await find('track', 'nord')).toEqual(['Nord Wind', 'Nordic Sun']);
  });

  it('puts titles before artists before albums', async () => {
    expect(await find('track', 'discovery')).toEqual([
      'Discovery',
      'Lullaby',
      'One More Time',
      'Aerodynamic',
    ]);
  });

  it('puts the more popular first among equals', async () => {
    expect((await find('track', 'daft punk')).slice(0, 3)).toEqual([
      'One More Time',
      'Aerodynamic',
      'One More Time, Live',
    ]);
  });

  it('finds playlists by name before those by description', async () => {
    expect(await find('playlist', 'coffee')).toEqual(['Coffee', 'Sunday morning']);
  });

  it('takes no sign for an instruction', async () => {
    expect((await find('artist', '"daft" -punk'))[0]).toBe('Daft Punk');
    for (const text of ['*', '"', '-', '???', 'a AND b OR (c', "'; --", '\\', '%', '<b>']) {
      await expect(search(aQuery('track', text))).resolves.toMatchObject({ facets: null });
    }
    expect(await find('track', '???')).toEqual([]);
  });

  it('takes queries of any length up to 200 characters', async () => {
    const long = 'one more time daft punk '.repeat(9).slice(0, 200).trim();
    expect((await find('track', long))[0]).toBe('One More Time');
    expect(await find('track', 'x'.repeat(200))).toEqual([]);
    expect(await find('track', '夜'.repeat(200))).toBeInstanceOf(Array);
  });

  it('marks in the title what fits, in UTF-16 units', async () => {
    const first = async (kind: SearchQuery['kind'], text: string) => {
      const [hit] = (await search(aQuery(kind, text))).hits;
      return hit ? marked(hit) : null;
    };
    expect(await first('artist', 'dfat punk')).toBe('[Daft] [Punk]');
    expect(await first('artist', 'beyonce')).toBe('[Beyoncé]');
    expect(await first('artist', 'sigur ro')).toBe('[Sigur] [Ró]s');
    expect(await first('track', 'strasse')).toBe('🎸 [Straße] nach Süden 🎸');
    expect(await first('track', 'suden')).toBe('🎸 Straße nach [Süden] 🎸');
    expect(await first('track', 'aerodynamic daft')).toBe('[Aerodynamic]');
    const [byAlbum] = (await search(aQuery('track', 'erika'))).hits;
    expect(byAlbum?.highlights).toEqual([]);
  });

  it('scores from 0 to 1, the best first, a perfect fit of any kind higher than a poor one of another', async () => {
    const [artists, tracks] = await opened.index.search([
      aQuery('artist', 'daft punk'),
      aQuery('track', 'daft punk'),
    ]);
    const scores = artists?.hits.map(({ score }) => score) ?? [];
    expect(scores).toEqual(scores.toSorted((a, b) => b - a));
    for (const score of [...scores, ...(tracks?.hits.map((hit) => hit.score) ?? [])]) {
      expect(score).toBeGreaterThan(0);
      expect(score).toBeLessThanOrEqual(1);
    }
    expect(artists?.hits[0]?.score).toBeGreaterThanOrEqual(tracks?.hits[0]?.score as number);
    const [wrong] = await opened.index.search([aQuery('artist', 'dfat punk')]);
    expect(wrong?.hits[0]?.score).toBeLessThan(artists?.hits[0]?.score as number);
  });

  it('answers several queries in their order, each with what it asked for', async () => {
    const pages = await opened.index.search([
      aQuery('album', 'homework'),
      aQuery('track', 'hello', { limit: 0, facets: true }),
      aQuery('artist', 'bjork'),
      aQuery('artist', '???'),
      aQuery('album', 'discovery'),
    ]);
    expect(pages.map(({ hits }) => titles(hits))).toEqual([['Homework'], [], ['Björk'], [], ['Discovery']]);
    expect(pages.map(({ facets }) => facets !== null)).toEqual([false, true, false, false, false]);
    expect(pages[0]?.hits[0]).toMatchObject({
      kind: 'album',
      popularity: 60,
      id: expect.stringMatching(/^album_/),
    });
    expect(new Set(pages.map(({ generation }) => generation)).size).toBe(1);
    expect(await opened.index.search([])).toEqual([]);
  });

  describe('suggestions', () => {
    it('are names and titles that begin like what was typed, the popular first', async () => {
      expect(titles(await suggest('d'))).toEqual(['Daft Punk', 'Discovery', 'Daft', 'Punk Daft Revival']);
      expect(titles(await suggest('hel'))).toEqual(['Hello Goodbye', 'Hello']);
      expect(titles(await suggest('one mo'))).toEqual(['One More Time', 'One More Time, Live']);
    });

    it('are found by a later word too', async () => {
      expect(titles(await suggest('week'))).toEqual(['The Weeknd']);
    });

    it('are each given once, and begin with the artist', async () => {
      const found = await suggest('discovery');
      expect(titles(found)).toEqual(['Discovery']);
      expect(found[0]?.kind).toBe('album');
    });

    it('grow with each key, without accents and case', async () => {
      for (const prefix of ['bey', 'beyo', 'beyon', 'beyonc', 'BEYONCE', 'beyoncé']) {
        expect(titles(await suggest(prefix))[0]).toBe('Beyoncé');
      }
      expect((await suggest('beyon')).map(marked)).toEqual(['[Beyon]cé']);
    });

    it.each([
      ['dfat', 'Daft'],
      ['dfat p', 'Daft Punk'],
      ['metlalica', 'Metallica'],
      ['hlelo', 'Hello'],
    ])('stand typing errors: %s', async (prefix, title) => {
      expect(titles(await suggest(prefix)).slice(0, 2)).toContain(title);
    });

    it('are as many as wanted, at most', async () => {
      expect(await opened.index.suggest({ prefix: 'd', audience: everyone, limit: 2 })).toHaveLength(2);
      expect(await suggest('qqqqqq')).toEqual([]);
      expect(await suggest('!?')).toEqual([]);
    });
  });
});
