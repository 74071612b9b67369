import { describe, expect, it } from 'vitest';
import { aDocument, idOf } from './documents.ts';
import { openSearch } from './search-under-test.ts';
import { type Answer, titlesOf, tracksPage } from './tracks-page.ts';

describe('search', () => {
  it('finds tracks, artists, albums and playlists, and hands out what the index knows of them', async () => {
    const track = aDocument('track', 'One More Time', { artistNames: ['Daft Punk'] });
    const artist = aDocument('artist', 'Daft Punk');
    const album = aDocument('album', 'Best of Daft Punk', { artistNames: ['Daft Punk'] });
    const playlist = aDocument('playlist', 'Daft Punk and friends');
    const { ask } = await openSearch({ documents: [track, artist, album, playlist] });
    const { data, errors } = await ask<Answer>(`{
      search(query: "daft punk") {
        tracks(first: 5) { edges { title highlights { start end } node { id } } }
        artists(first: 5) { edges { title highlights { start end } node { id } } }
        albums(first: 5) { edges { title highlights { start end } node { id } } nodes { id } }
        playlists(first: 5) { edges { node { id } } nodes { id } }
      }
    }`);
    expect(errors).toBeUndefined();
    expect(data.search).toEqual({
      tracks: { edges: [{ title: 'One More Time', highlights: [], node: { id: track.id } }] },
      artists: {
        edges: [{ title: 'Daft Punk', highlights: [{ start: 0, end: 9 }], node: { id: artist.id } }],
      },
      albums: {
        edges: [{ title: 'Best of Daft Punk', highlights: [{ start: 8, end: 17 }], node: { id: album.id } }],
        nodes: [{ id: album.id }],
      },
      playlists: { edges: [{ node: { id: playlist.id } }], nodes: [{ id: playlist.id }] },
    });
  });

  it('shows no text of a playlist: it may have been made private since', async () => {
    const { ask } = await openSearch({ documents: [aDocument('playlist', 'Secret')] });
    const { data, errors } = await ask<Answer>(
      '{ search(query: "secret") { playlists(first: 1) { edges { node { id } title } } } }',
    );
    expect(errors?.[0]?.message).toContain('Cannot query field "title" on type "SearchPlaylistEdge"');
    expect(data).toBeUndefined();
  });

  it('asks the index once for all that an operation looks for, and for the first page, facets and best hit together', async () => {
    const { ask, index } = await openSearch({ documents: [aDocument('track', 'Aerodynamic')] });
    const { errors } = await ask(`{
      first: search(query: "aero") {
        topResult { item { __typename } }
        tracks(first: 10) { nodes { id } }
        artists(first: 5) { nodes { id } }
        albums(first: 5) { nodes { id } }
        playlists(first: 5) { nodes { id } }
        facets { explicit { count } }
      }
      second: search(query: "other") { tracks(first: 1) { nodes { id } } }
    }`);
    expect(errors).toBeUndefined();
    expect(index.searches).toHaveLength(1);
    expect(index.searches[0]?.map(({ kind, text, limit, facets }) => [kind, text, limit, facets])).toEqual([
      ['track', 'aero', 11, true],
      ['artist', 'aero', 6, false],
      ['album', 'aero', 6, false],
      ['playlist', 'aero', 6, false],
      ['track', 'other', 2, false],
    ]);
  });

  it('trims and composes the query, so that one word has one spelling', async () => {
    const { ask, index } = await openSearch({ documents: [] });
    await ask(tracksPage, { query: '  Beyonce\u0301\n', first: 1 });
    expect(index.searches[0]?.[0]?.text).toBe('Beyoncé');
  });

  it.each([
    ['', 'got 0'],
    ['   ', 'got 0'],
    ['\ud83d', 'got 0'],
    ['x'.repeat(201), 'got 201'],
  ])('refuses a query of no or too many characters: %j', async (query, got) => {
    const { ask, index } = await openSearch({ documents: [] });
    const { data, errors } = await ask<Answer>(tracksPage, { query, first: 1 });
    expect(data.search).toBeNull();
    expect(errors?.[0]).toMatchObject({
      message: `query must have 1..200 characters, ${got}`,
      extensions: { code: 'BAD_USER_INPUT' },
    });
    expect(index.searches).toEqual([]);
  });

  it('counts characters, not code units: 200 pictures are a query', async () => {
    const { ask, index } = await openSearch({ documents: [] });
    const { errors } = await ask(tracksPage, { query: '🎵'.repeat(200), first: 1 });
    expect(errors).toBeUndefined();
    expect(index.searches).toHaveLength(1);
  });
});

describe('who looks', () => {
  const documents = [
    aDocument('track', 'Song for Germany', { markets: ['DE'] }),
    aDocument('track', 'Song for Brazil', { markets: ['BR'] }),
    aDocument('track', 'Song with words', { markets: ['BR', 'DE'], explicit: true }),
  ];
  const find = async (as: object, variables: object = {}) => {
    const { ask } = await openSearch({ documents });
    const { data } = await ask<Answer>(tracksPage, { query: 'song', first: 10, ...variables }, as);
    return titlesOf(data)?.toSorted();
  };

  it('finds what may be played in the market', async () => {
    expect(await find({ market: 'DE' })).toEqual(['Song for Germany', 'Song with words']);
    expect(await find({ market: 'BR' })).toEqual(['Song for Brazil', 'Song with words']);
  });

  it('finds everything where the market is unknown, or where asked to', async () => {
    expect(await find({})).toHaveLength(3);
    expect(await find({ market: 'DE' }, { all: true })).toHaveLength(3);
  });

  it('finds nothing explicit who wants none, also among what is unavailable', async () => {
    expect(await find({ market: 'DE', explicit: false })).toEqual(['Song for Germany']);
    expect(await find({ market: 'DE', explicit: false }, { all: true })).toEqual([
      'Song for Brazil',
      'Song for Germany',
    ]);
  });
});

describe('a filter', () => {
  const rock = idOf('genre', 1);
  const pop = idOf('genre', 2);
  const documents = [
    aDocument('track', 'Song A', { genreIds: [rock], decade: 1990 }),
    aDocument('track', 'Song B', { genreIds: [pop], decade: 1990, explicit: true }),
    aDocument('track', 'Song C', { genreIds: [rock, pop], decade: 2000 }),
    aDocument('playlist', 'Song list'),
  ];
  const find = async (filter: object | null) => {
    const { ask } = await openSearch({ documents });
    const { data, errors } = await ask<Answer>(tracksPage, { query: 'song', first: 10, filter });
    expect(errors).toBeUndefined();
    return titlesOf(data)?.toSorted();
  };

  it('narrows by genre, decades and explicit, all of which must hold', async () => {
    expect(await find({ genreId: rock })).toEqual(['Song A', 'Song C']);
    expect(await find({ decades: [1990] })).toEqual(['Song A', 'Song B']);
    expect(await find({ decades: [2000, 1990, 1990] })).toHaveLength(3);
    expect(await find({ explicit: true })).toEqual(['Song B']);
    expect(await find({ genreId: pop, decades: [1990], explicit: false })).toEqual([]);
    expect(await find(null)).toHaveLength(3);
    expect(await find({})).toHaveLength(3);
  });

  it('leaves no playlists, which have nothing that it could be about', async () => {
    const { ask } = await openSearch({ documents });
    const playlists = async (filter: object | null) => {
      const { data } = await ask<Answer>(
        `query ($filter: SearchFilter) { search(query: "song", filter: $filter) {
          playlists(first: 5) { nodes { id } pageInfo { hasNextPage endCursor } }
        } }`,
        { filter },
      );
      return data.search?.playlists?.nodes.length;
    };
    expect(await playlists({ genreId: null })).toBe(1);
    expect(await playlists({ explicit: false })).toBe(0);
  });

  it.each([
    [{ genreId: idOf('track', 1) }, /^filter\.genreId: expected an id of the form genre_/],
    [{ genreId: 'rock' }, /^filter\.genreId: expected an id/],
    [{ decades: [] }, 'filter.decades must name 1..20 decades, got 0'],
    [
      { decades: Array.from({ length: 21 }, (_, index) => index * 10) },
      'filter.decades must name 1..20 decades, got 21',
    ],
    [{ decades: [1990, 1995] }, 'filter.decades must be the first years of decades, such as 1990, got 1995'],
    [{ decades: [-10] }, 'filter.decades must be the first years of decades, such as 1990, got -10'],
  ])('that is none is refused: %j', async (filter, message) => {
    const { ask, index } = await openSearch({ documents });
    const { errors } = await ask<Answer>(tracksPage, { query: 'song', first: 10, filter });
    expect(errors?.[0]?.message).toMatch(message);
    expect(errors?.[0]?.extensions.code).toBe('BAD_USER_INPUT');
    expect(index.searches).toEqual([]);
  });
});

describe('topResult', () => {
  const query = `query ($filter: SearchFilter) { search(query: "homework", filter: $filter) {
    topResult { item { __typename ... on Track { id } ... on Artist { id } ... on Album { id } ... on Playlist { id } } }
  } }`;
  type Top = { search: { topResult: { item: { __typename: string; id: string } } | null } };
  const topOf = async (documents: Parameters<typeof openSearch>[0], variables = {}) => {
    const { ask } = await openSearch(documents);
    return (await ask<Top>(query, variables)).data.search.topResult?.item ?? null;
  };

  it('is what fits best, before what is more popular', async () => {
    const exact = aDocument('album', 'Homework', { popularity: 10 });
    const documents = [aDocument('track', 'Homework song', { popularity: 100 }), exact];
    expect(await topOf({ documents })).toEqual({ __typename: 'Album', id: exact.id });
  });

  it('is the more popular of two that fit alike, and a name before a title among equals', async () => {
    const album = aDocument('album', 'Homework', { popularity: 60 });
    const artist = aDocument('artist', 'Homework', { popularity: 50 });
    expect(await topOf({ documents: [artist, album] })).toMatchObject({ __typename: 'Album' });
    const equal = aDocument('artist', 'Homework', { popularity: 60 });
    expect(await topOf({ documents: [album, equal] })).toMatchObject({ __typename: 'Artist' });
  });

  it('may be a playlist, unless there is a filter', async () => {
    const documents = [
      aDocument('playlist', 'Homework', { popularity: 90 }),
      aDocument('track', 'Homework two'),
    ];
    expect(await topOf({ documents })).toMatchObject({ __typename: 'Playlist' });
    expect(await topOf({ documents }, { filter: { explicit: false } })).toMatchObject({
      __typename: 'Track',
    });
  });

  it('is null when nothing fits', async () => {
    expect(await topOf({ documents: [] })).toBeNull();
  });
});

describe('facets', () => {
  it('say how the tracks are spread: genres by number, decades from the latest', async () => {
    const genres = Array.from({ length: 25 }, (_, index) => idOf('genre', index));
    const documents = [
      ...genres.map((genreId) => aDocument('track', 'Song', { genreIds: [genreId], decade: 1980 })),
      aDocument('track', 'Song', { genreIds: [genres[7] as string], decade: 2020, explicit: true }),
      aDocument('album', 'Song', { genreIds: [genres[8] as string], decade: 1970 }),
    ];
    const { ask } = await openSearch({ documents });
    const { data } = await ask<{ search: { facets: Record<string, Record<string, unknown>[]> } }>(`{
      search(query: "song") {
        facets { genres { genre { id } count } decades { decade count } explicit { explicit count } }
      }
    }`);
    const { facets } = data.search;
    expect(facets.genres).toHaveLength(20);
    expect(facets.genres?.[0]).toEqual({ genre: { id: genres[7] }, count: 2 });
    expect(facets.decades).toEqual([
      { decade: 2020, count: 1 },
      { decade: 1980, count: 25 },
    ]);
    expect(facets.explicit).toEqual([
      { explicit: true, count: 1 },
      { explicit: false, count: 25 },
    ]);
  });
});
