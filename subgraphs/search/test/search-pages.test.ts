import { describe, expect, it } from 'vitest';
import { aDocument } from './documents.ts';
import { openSearch } from './search-under-test.ts';
import { type Answer, type Page, titlesOf, tracksPage } from './tracks-page.ts';

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
