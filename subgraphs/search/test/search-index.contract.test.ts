import { countryCodes } from '@medley/countries';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { documentKinds, type SearchDocument } from '../src/domain/search-document.ts';
import { IndexUnavailableError, NothingBuiltError, type SearchQuery } from '../src/domain/search-index.ts';
import { aDocument, idOf } from './documents.ts';
import {
  aQuery,
  build,
  everyone,
  type IndexUnderTest,
  implementations,
  marked,
  noFilter,
  titles,
} from './indexes-under-test.ts';

const rock = idOf('genre', 1);
const pop = idOf('genre', 2);

const library: readonly SearchDocument[] = [
  aDocument('artist', 'Daft Punk', { popularity: 80, genreIds: [pop] }),
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

describe.each(implementations)('a SearchIndex of %s', (_name, open) => {
  describe('with a library', () => {
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

  describe('for an audience', () => {
    let opened: IndexUnderTest;
    const documents = [
      aDocument('track', 'Night in Sweden', {
        markets: ['SE', 'NO'],
        popularity: 50,
        genreIds: [pop],
        decade: 1990,
      }),
      aDocument('track', 'Night in Norway', {
        markets: ['NO'],
        popularity: 40,
        genreIds: [rock, pop],
        decade: 1990,
      }),
      aDocument('track', 'Night nowhere', { markets: [], popularity: 30, genreIds: [rock], decade: 2000 }),
      aDocument('track', 'Night everywhere', { markets: null, popularity: 20, decade: null }),
      aDocument('track', 'Night of words', {
        explicit: true,
        popularity: 10,
        genreIds: [rock],
        decade: 2010,
      }),
    ];
    beforeAll(async () => {
      opened = await open();
      await build(opened.writer, documents);
    });
    afterAll(() => opened?.close());

    const find = async (rest: Partial<SearchQuery>) => {
      const [page] = await opened.index.search([aQuery('track', 'night', rest)]);
      return titles(page?.hits ?? []);
    };

    it('leaves out what its market may not play', async () => {
      expect(await find({ audience: { market: 'SE', explicit: true } })).toEqual([
        'Night in Sweden',
        'Night everywhere',
        'Night of words',
      ]);
      expect(await find({ audience: { market: 'NO', explicit: false } })).toEqual([
        'Night in Sweden',
        'Night in Norway',
        'Night everywhere',
      ]);
      expect(await find({ audience: { market: 'DE', explicit: false } })).toEqual(['Night everywhere']);
      expect(await find({ audience: { market: null, explicit: true } })).toHaveLength(5);
    });

    it('keeps apart the many sets of markets that are for most countries', async () => {
      const most = countryCodes.filter((code) => code !== 'SE' && code !== 'FR');
      await opened.writer.write({
        put: [
          aDocument('album', 'Dawn nearly everywhere', { markets: most, popularity: 3 }),
          aDocument('album', 'Dawn in every country', { markets: countryCodes, popularity: 2 }),
          aDocument('album', 'Dawn in half of them', { markets: countryCodes.slice(0, 125), popularity: 1 }),
        ],
        remove: [],
        positions: {},
      });
      const findIn = async (market: string) => {
        const audience = { market, explicit: true };
        const [page] = await opened.index.search([aQuery('album', 'dawn', { audience })]);
        return titles(page?.hits ?? []).map((title) => title.slice(5));
      };
      expect(await findIn('SE')).toEqual(['in every country']);
      expect(await findIn('ZW')).toEqual(['nearly everywhere', 'in every country']);
      expect(await findIn('AD')).toEqual(['nearly everywhere', 'in every country', 'in half of them']);
      // Not a country, so in no licence.
      expect(await findIn('QQ')).toEqual([]);
    });

    it('leaves out what is explicit where that is not wanted, whatever the filter says', async () => {
      const explicit = { ...noFilter, explicit: true };
      expect(await find({ audience: { market: null, explicit: false } })).not.toContain('Night of words');
      expect(await find({ audience: { market: null, explicit: false }, filter: explicit })).toEqual([]);
    });

    it('is narrowed by genre, decades and explicit', async () => {
      expect(await find({ filter: { ...noFilter, genreId: rock } })).toEqual([
        'Night in Norway',
        'Night nowhere',
        'Night of words',
      ]);
      expect(await find({ filter: { ...noFilter, decades: [1990, 2010] } })).toEqual([
        'Night in Sweden',
        'Night in Norway',
        'Night of words',
      ]);
      expect(await find({ filter: { ...noFilter, decades: [] } })).toEqual([]);
      expect(await find({ filter: { ...noFilter, explicit: true } })).toEqual(['Night of words']);
      expect(await find({ filter: { ...noFilter, explicit: false } })).toHaveLength(4);
      expect(await find({ filter: { genreId: rock, decades: [1990], explicit: false } })).toEqual([
        'Night in Norway',
      ]);
      expect(await find({ filter: { ...noFilter, genreId: idOf('genre', 99) } })).toEqual([]);
      expect(
        await find({ filter: { ...noFilter, genreId: '" OR explicit = true OR genreIds = "' } }),
      ).toEqual([]);
    });

    it('counts facets of what was found and may be found', async () => {
      const facetsOf = async (rest: Partial<SearchQuery>) => {
        const [page] = await opened.index.search([
          aQuery('track', 'night', { facets: true, limit: 1, ...rest }),
        ]);
        return page?.facets;
      };
      expect(await facetsOf({})).toEqual({
        genres: new Map([
          [rock, 3],
          [pop, 2],
        ]),
        decades: new Map([
          [1990, 2],
          [2000, 1],
          [2010, 1],
        ]),
        explicit: new Map([
          [false, 4],
          [true, 1],
        ]),
      });
      expect(
        await facetsOf({
          audience: { market: 'NO', explicit: false },
          filter: { ...noFilter, genreId: rock },
        }),
      ).toEqual({
        genres: new Map([
          [rock, 1],
          [pop, 1],
        ]),
        decades: new Map([[1990, 1]]),
        explicit: new Map([[false, 1]]),
      });
    });

    it('suggests nothing that it may not find', async () => {
      const suggest = async (market: string | null, explicit: boolean) =>
        titles(await opened.index.suggest({ prefix: 'nigh', audience: { market, explicit }, limit: 8 }));
      expect(await suggest('DE', false)).toEqual(['Night everywhere']);
      expect(await suggest(null, true)).toHaveLength(5);
    });
  });

  describe('with many documents', () => {
    let opened: IndexUnderTest;
    const count = 1_200;
    beforeAll(async () => {
      opened = await open();
      const documents = Array.from({ length: count }, (_, number) =>
        aDocument('track', `Song ${number}`, { popularity: number % 101 }),
      );
      const intros = Array.from({ length: 300 }, () => aDocument('track', 'Intro', { popularity: 100 }));
      await build(opened.writer, [
        ...documents,
        ...intros,
        aDocument('track', 'Introduction', { popularity: 1 }),
      ]);
    });
    afterAll(() => opened?.close());

    it('pages through the first thousand without gap or repetition', async () => {
      const seen = new Set<string>();
      const popularities: number[] = [];
      for (let offset = 0; offset < 1_000; offset += 100) {
        const [page] = await opened.index.search([aQuery('track', 'song', { offset, limit: 101 })]);
        expect(page?.hits).toHaveLength(101);
        for (const { id, popularity } of page?.hits.slice(0, 100) ?? []) {
          seen.add(id);
          popularities.push(popularity);
        }
      }
      expect(seen.size).toBe(1_000);
      expect(popularities).toEqual(popularities.toSorted((a, b) => b - a));
    });

    it('suggests a text once though hundreds have it', async () => {
      const found = await opened.index.suggest({ prefix: 'intro', audience: everyone, limit: 8 });
      expect(titles(found)).toEqual(['Intro', 'Introduction']);
    });
  });

  describe('while it changes', () => {
    let opened: IndexUnderTest;
    beforeEach(async () => {
      opened = await open();
    });
    afterEach(() => opened?.close());

    const find = async (text: string, kind: SearchQuery['kind'] = 'track') => {
      const [page] = await opened.index.search([aQuery(kind, text)]);
      return titles(page?.hits ?? []);
    };
    const write = (put: readonly SearchDocument[], remove: readonly string[] = [], positions = {}) =>
      opened.writer.write({ put, remove, positions });

    it('finds nothing while nothing was built, and says so', async () => {
      const [page] = await opened.index.search([aQuery('track', 'anything', { facets: true })]);
      expect(page).toMatchObject({ hits: [], facets: { genres: new Map() } });
      expect(await opened.index.suggest({ prefix: 'a', audience: everyone, limit: 8 })).toEqual([]);
      const state = { generation: null, builtAt: null, positions: {} };
      expect(await opened.index.readState()).toMatchObject(state);
      expect(await opened.writer.readState()).toMatchObject(state);
      await expect(write([aDocument('track', 'Early')])).rejects.toThrow(NothingBuiltError);
    });

    it('tells what is in it, how far it follows, and when it was built', async () => {
      const before = Date.now();
      await build(
        opened.writer,
        documentKinds.flatMap((kind, at) =>
          Array.from({ length: at + 1 }, () => aDocument(kind, 'Something')),
        ),
        { catalog: '12-3', playlists: '0' },
      );
      const state = await opened.index.readState();
      expect(state.counts).toEqual({ track: 1, artist: 2, album: 3, playlist: 4 });
      expect(state.positions).toEqual({ catalog: '12-3', playlists: '0' });
      expect(state.generation).toEqual(expect.any(String));
      expect(state.builtAt?.getTime()).toBeGreaterThanOrEqual(before - 1_000);
      expect(await opened.writer.readState()).toEqual(state);
      const [page] = await opened.index.search([aQuery('track', 'something')]);
      expect(page?.generation).toBe(state.generation);
    });

    it('finds what was written when the writing is over, in place of what was there', async () => {
      const song = aDocument('track', 'Before');
      await build(opened.writer, [song]);
      await write([{ ...song, title: 'Afterwards' }, aDocument('album', 'Sideways')]);
      expect(await find('before')).toEqual([]);
      expect(await find('afterwards')).toEqual(['Afterwards']);
      expect(await find('sideways', 'album')).toEqual(['Sideways']);
      expect((await opened.index.readState()).counts).toMatchObject({ track: 1, album: 1 });
    });

    it('suggests what was written when the writing is over, and not what was removed', async () => {
      const suggest = async (prefix: string) =>
        titles(await opened.index.suggest({ prefix, audience: everyone, limit: 8 }));
      const [daft, dido] = [
        aDocument('artist', 'Daft Punk', { popularity: 80 }),
        aDocument('artist', 'Dido'),
      ];
      await build(opened.writer, [daft, dido]);
      expect(await suggest('d')).toEqual(['Daft Punk', 'Dido']);
      await write([{ ...dido, popularity: 90 }, aDocument('track', 'Dust', { popularity: 1 })]);
      expect(await suggest('d')).toEqual(['Dido', 'Daft Punk', 'Dust']);
      expect(await suggest('du')).toEqual(['Dust']);
      await write([], [daft.id]);
      expect(await suggest('d')).toEqual(['Dido', 'Dust']);
      await build(opened.writer, [aDocument('artist', 'Doves')]);
      expect(await suggest('d')).toEqual(['Doves']);
    });

    it('takes the same again and again', async () => {
      const songs = [aDocument('track', 'Again'), aDocument('track', 'Against')];
      await build(opened.writer, songs, { catalog: '1' });
      for (let times = 0; times < 3; times++) await write(songs, [idOf('track', 999)], { catalog: '2' });
      expect(await find('again')).toEqual(['Again', 'Against']);
      expect(await opened.index.readState()).toMatchObject({
        counts: { track: 2 },
        positions: { catalog: '2' },
      });
    });

    it('removes, whatever the kind, and what is not there', async () => {
      const documents = documentKinds.map((kind) => aDocument(kind, 'Gone'));
      await build(opened.writer, documents);
      await write([], [...documents.map(({ id }) => id), idOf('track', 998)]);
      for (const kind of documentKinds) expect(await find('gone', kind)).toEqual([]);
      await write(documents.slice(0, 1));
      expect(await find('gone')).toEqual(['Gone']);
    });

    it('changes thousands of documents many times over', async () => {
      const songs = Array.from({ length: 1_500 }, (_, number) => aDocument('track', `Round zero ${number}`));
      await build(opened.writer, songs);
      for (const round of ['one', 'two', 'three']) {
        await write(songs.map((song) => ({ ...song, title: song.title.replace('zero', round) })));
      }
      expect(await find('zero')).toEqual([]);
      expect(await find('three')).toHaveLength(20);
      expect(await find('three 777')).toContain('Round three 777');
      expect((await opened.index.readState()).counts.track).toBe(1_500);
    });

    it('notes the positions of sources each for itself', async () => {
      await build(opened.writer, [], { catalog: '1', playlists: '1' });
      await write([], [], { catalog: '5' });
      expect((await opened.writer.readState()).positions).toEqual({ catalog: '5', playlists: '1' });
    });

    it('notes no position when what leads to it could not be written', async () => {
      await build(opened.writer, [], { catalog: '1' });
      // What no index takes: genres that are no list, an id with a space.
      const broken = { ...aDocument('track', 'Broken'), id: 'track_ no id', genreIds: 7 };
      await expect(write([broken as unknown as SearchDocument], [], { catalog: '2' })).rejects.toThrow(
        IndexUnavailableError,
      );
      expect((await opened.writer.readState()).positions).toEqual({ catalog: '1' });
    });

    it('answers from the old index until the new one is put in its place, whole', async () => {
      await build(opened.writer, [aDocument('track', 'Old song'), aDocument('artist', 'Old singer')], {
        catalog: '1',
      });
      const old = await opened.index.readState();
      const fresh = await opened.writer.beginRebuild();
      await fresh.write({ put: [aDocument('track', 'New song')], remove: [], positions: { catalog: '7' } });
      const gone = aDocument('track', 'Gone song');
      await fresh.write({ put: [gone, aDocument('artist', 'New singer')], remove: [], positions: {} });
      await fresh.write({ put: [], remove: [gone.id], positions: { playlists: '3' } });

      expect(await find('song')).toEqual(['Old song']);
      expect(await opened.index.readState()).toEqual(old);
      await write([aDocument('track', 'Late song')], [], { catalog: '2' });
      expect((await find('song')).toSorted()).toEqual(['Late song', 'Old song']);

      await fresh.swap();
      expect(await find('song')).toEqual(['New song']);
      expect(await find('singer', 'artist')).toEqual(['New singer']);
      const state = await opened.index.readState();
      expect(state.counts).toEqual({ track: 1, artist: 1, album: 0, playlist: 0 });
      expect(state.positions).toEqual({ catalog: '7', playlists: '3' });
      expect(state.generation).not.toBe(old.generation);
    });

    it('goes on with the old index when the new one is discarded', async () => {
      await build(opened.writer, [aDocument('track', 'Old song')], { catalog: '1' });
      const fresh = await opened.writer.beginRebuild();
      await fresh.write({ put: [aDocument('track', 'New song')], remove: [], positions: { catalog: '7' } });
      await fresh.discard();
      await fresh.discard();
      expect(await find('song')).toEqual(['Old song']);
      expect((await opened.index.readState()).positions).toEqual({ catalog: '1' });
      await expect(fresh.swap()).rejects.toThrow(IndexUnavailableError);
    });

    it('throws an unfinished rebuild away when another is begun', async () => {
      await build(opened.writer, [aDocument('track', 'Old song')]);
      const first = await opened.writer.beginRebuild();
      await first.write({ put: [aDocument('track', 'First song')], remove: [], positions: {} });
      const second = await opened.writer.beginRebuild();
      await second.write({ put: [aDocument('track', 'Second song')], remove: [], positions: {} });
      await expect(
        first.write({ put: [aDocument('track', 'Lost song')], remove: [], positions: {} }),
      ).rejects.toThrow(IndexUnavailableError);
      await expect(first.swap()).rejects.toThrow(IndexUnavailableError);
      await first.discard();
      await second.swap();
      expect(await find('song')).toEqual(['Second song']);
    });
  });
});
