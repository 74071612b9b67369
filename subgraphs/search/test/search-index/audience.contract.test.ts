import { countryCodes } from '@medley/countries';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { SearchQuery } from '../../src/domain/search-index.ts';
import { aDocument, idOf } from '../documents.ts';
import {
  aQuery,
  build,
  type IndexUnderTest,
  implementations,
  noFilter,
  titles,
} from '../indexes-under-test.ts';

const rock = idOf('genre', 1);
const pop = idOf('genre', 2);

describe.each(implementations)('a SearchIndex of %s, for an audience,', (_name, open) => {
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
    expect(await find({ filter: { ...noFilter, genreId: '" OR explicit = true OR genreIds = "' } })).toEqual(
      [],
    );
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
