import { describe, expect, it } from 'vitest';
import { aDocument, idOf } from './documents.ts';
import { openSearch } from './search-under-test.ts';

interface Page {
  edges: {
    cursor: string;
    title?: string;
    node: { id: string };
    highlights?: { start: number; end: number }[];
  }[];
  nodes: { id: string }[];
  pageInfo: {
    hasNextPage: boolean;
    hasPreviousPage: boolean;
    startCursor: string | null;
    endCursor: string | null;
  };
}
type Answer = { search: Record<'tracks' | 'artists' | 'albums' | 'playlists', Page | null> | null };

const tracksPage = `query ($query: String!, $first: Int!, $after: String, $filter: SearchFilter, $all: Boolean) {
  search(query: $query, filter: $filter, includeUnavailable: $all) {
    tracks(first: $first, after: $after) {
      edges { cursor title highlights { start end } node { id } }
      nodes { id }
      pageInfo { hasNextPage hasPreviousPage startCursor endCursor }
    }
  }
}`;
const titlesOf = (answer: Answer, kind: keyof NonNullable<Answer['search']> = 'tracks') =>
  answer.search?.[kind]?.edges.map(({ title }) => title);

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

describe('pages', () => {
  const documents = Array.from({ length: 25 }, (_, index) =>
    aDocument('track', `Song ${index}`, { popularity: 99 - index }),
  );

  it('show all hits once, in their order, and say where they end', async () => {
    const { ask } = await openSearch({ documents });
    const seen: (string | undefined)[] = [];
    const infos: Page['pageInfo'][] = [];
    let after: string | null = null;
    do {
      const { data }: { data: Answer } = await ask<Answer>(tracksPage, { query: 'song', first: 10, after });
      const page = data.search?.tracks as Page;
      seen.push(...page.edges.map(({ title }) => title));
      infos.push(page.pageInfo);
      expect(page.nodes).toEqual(page.edges.map(({ node }) => node));
      expect(page.pageInfo.endCursor).toBe(page.edges.at(-1)?.cursor);
      after = page.pageInfo.hasNextPage ? page.pageInfo.endCursor : null;
    } while (after !== null);
    expect(seen).toEqual(documents.map(({ title }) => title));
    expect(infos.map(({ hasNextPage, hasPreviousPage }) => [hasNextPage, hasPreviousPage])).toEqual([
      [true, false],
      [true, true],
      [false, true],
    ]);
  });

  it('go on from any edge', async () => {
    const { ask } = await openSearch({ documents });
    const first = await ask<Answer>(tracksPage, { query: 'song', first: 5 });
    const after = first.data.search?.tracks?.edges[2]?.cursor;
    expect(titlesOf((await ask<Answer>(tracksPage, { query: 'song', first: 2, after })).data)).toEqual([
      'Song 3',
      'Song 4',
    ]);
  });

  it.each([0, -1, 101])('of %i are refused', async (first) => {
    const { ask } = await openSearch({ documents });
    const { data, errors } = await ask<Answer>(tracksPage, { query: 'song', first });
    expect(data.search?.tracks).toBeNull();
    expect(errors?.[0]).toMatchObject({
      message: `first must be 1..100, got ${first}`,
      path: ['search', 'tracks'],
      extensions: { code: 'BAD_USER_INPUT' },
    });
  });

  it('end after a thousand hits, and never ask the index for more', async () => {
    const many = Array.from({ length: 1_200 }, (_, index) => aDocument('track', `Song ${index}`));
    const { ask, index } = await openSearch({ documents: many });
    let after: string | null | undefined = null;
    let pages = 0;
    let count = 0;
    do {
      const { data }: { data: Answer } = await ask<Answer>(tracksPage, { query: 'song', first: 97, after });
      const page: Page | null | undefined = data.search?.tracks;
      count += page?.edges.length ?? 0;
      pages += 1;
      after = page?.pageInfo.hasNextPage ? page.pageInfo.endCursor : undefined;
      if (!after) {
        const last = page?.edges.at(-1)?.cursor;
        const beyond = await ask<Answer>(tracksPage, { query: 'song', first: 10, after: last });
        expect(beyond.errors).toBeUndefined();
        expect(beyond.data.search?.tracks).toMatchObject({
          edges: [],
          pageInfo: { hasNextPage: false, hasPreviousPage: true },
        });
      }
    } while (after);
    expect([count, pages]).toEqual([1_000, 11]);
    const deepest = index.searches.flat().map(({ offset, limit }) => offset + limit);
    expect(Math.max(...deepest)).toBe(1_000);
  });
});

describe('a cursor', () => {
  const documents = Array.from({ length: 5 }, (_, index) => aDocument('track', `Song ${index}`));
  const openWithCursor = async (variables: object = {}) => {
    const opened = await openSearch({ documents: [...documents, aDocument('album', 'Song')] });
    const { data } = await opened.ask<Answer>(tracksPage, { query: 'song', first: 2, ...variables });
    return { ...opened, after: data.search?.tracks?.pageInfo.endCursor as string };
  };
  const refusal = {
    path: ['search', 'tracks'],
    message: expect.stringMatching(/^after must be a cursor that SearchResult\.tracks gave/),
    extensions: { code: 'BAD_USER_INPUT' },
  };

  it.each([
    ['another query', { query: 'son' }],
    ['another filter', { filter: { explicit: false } }],
    ['what is unavailable too', { all: true }],
  ])('is not good for %s', async (_, other) => {
    const { ask, after } = await openWithCursor();
    const as = { market: 'DE' };
    const { errors } = await ask(tracksPage, { query: 'song', first: 2, after, ...other }, as);
    expect(errors).toEqual([expect.objectContaining(refusal)]);
  });

  it('is good for the same question in other words: spaces, the order of decades', async () => {
    const { ask, after } = await openWithCursor({ filter: { decades: [1990, 2000] } });
    const { errors } = await ask(tracksPage, {
      query: ' song ',
      first: 3,
      after,
      filter: { decades: [2000, 1990] },
    });
    expect(errors).toBeUndefined();
  });

  it('is not good for another field', async () => {
    const { ask, after } = await openWithCursor();
    const { errors } = await ask(
      'query ($after: String) { search(query: "song") { albums(first: 1, after: $after) { nodes { id } } } }',
      { after },
    );
    expect(errors?.[0]?.message).toMatch(/^after must be a cursor that SearchResult\.albums gave/);
  });

  it.each<[string, (cursor: string) => string]>([
    ['was altered', (cursor) => `${cursor.slice(0, -2)}${cursor.endsWith('AA') ? 'BB' : 'AA'}`],
    ['was made up', () => Buffer.from(JSON.stringify([900, 'generation-1'])).toString('base64url')],
    ['is text', () => 'page 2'],
    ['is empty', () => ''],
  ])('that %s is refused, and the index is not asked', async (_, forge) => {
    const { ask, after, index } = await openWithCursor();
    index.searches.length = 0;
    const { errors } = await ask(tracksPage, { query: 'song', first: 2, after: forge(after) });
    expect(errors).toEqual([expect.objectContaining(refusal)]);
    expect(index.searches).toEqual([]);
  });

  it('of an index that was rebuilt since is a conflict: search again', async () => {
    const { ask, after, index } = await openWithCursor();
    const fresh = await index.beginRebuild();
    await fresh.write({ put: documents, remove: [], positions: {} });
    await fresh.swap();
    const { data, errors } = await ask<Answer>(
      `query ($after: String) { search(query: "song") {
        artists(first: 1) { nodes { id } }
        tracks(first: 2, after: $after) { nodes { id } }
      } }`,
      { after },
    );
    expect(errors).toEqual([
      expect.objectContaining({
        path: ['search', 'tracks'],
        message: 'The index was rebuilt since: search again.',
        extensions: { code: 'CONFLICT' },
      }),
    ]);
    expect(data.search).toEqual({ artists: { nodes: [] }, tracks: null });
  });
});

describe('an index that is out of order', () => {
  const page = `{
    search(query: "song") { topResult { item { __typename } } tracks(first: 1) { nodes { id } } facets { explicit { count } } }
    searchSuggestions(prefix: "so") { text }
    searchStatus { lastRebuildAt }
    __typename
  }`;
  const everyField = [
    ['search', 'facets'],
    ['search', 'topResult'],
    ['search', 'tracks'],
    ['searchStatus'],
    ['searchSuggestions'],
  ];

  it.each([
    ['away', 'UPSTREAM_UNAVAILABLE', 'Search is out of order at the moment: try again later.'],
    ['slow', 'UPSTREAM_TIMEOUT', 'Search did not answer in time: try again.'],
    ['hangs', 'UPSTREAM_TIMEOUT', 'Search did not answer in time: try again.'],
    ['broken', 'INTERNAL', 'Something went wrong on our side.'],
  ] as const)('(%s) costs its fields, which say so, within its time', async (fault, code, message) => {
    const { ask, index, metrics } = await openSearch({ documents: [], indexTimeoutMs: 80 });
    index.fault = fault;
    const start = performance.now();
    const { data, errors = [] } = await ask(page);
    expect(performance.now() - start).toBeLessThan(1_000);
    expect(data).toEqual({
      search: { topResult: null, tracks: null, facets: null },
      searchSuggestions: null,
      searchStatus: null,
      __typename: 'Query',
    });
    expect(errors.map(({ path }) => path).toSorted()).toEqual(everyField);
    for (const error of errors) expect(error).toMatchObject({ message, extensions: { code } });
    expect(await metrics.registry.getSingleMetricAsString('medley_search_index_seconds')).toMatch(
      /call="search",outcome="(timeout|unavailable|failed)"/,
    );
  });

  it('is waited for less than a second unless told otherwise', async () => {
    const { ask, index } = await openSearch({ documents: [] });
    index.fault = 'hangs';
    const start = performance.now();
    const { errors } = await ask('{ searchSuggestions(prefix: "a") { text } }');
    expect(errors?.[0]?.extensions.code).toBe('UPSTREAM_TIMEOUT');
    expect(performance.now() - start).toBeLessThan(1_400);
  });
});
