import { describe, expect, it } from 'vitest';
import { popularityOfFollowers } from '../../src/domain/follower-popularity.ts';
import { mergeQueries } from '../../src/domain/merge-queries.ts';
import { rebuildReason } from '../../src/domain/rebuild-reason.ts';
import { chooseTopHit } from '../../src/domain/search.ts';
import type { IndexedHit, SearchPage, SearchQuery } from '../../src/domain/search-index.ts';

const aHit = (hit: Partial<IndexedHit>): IndexedHit => ({
  id: 'x',
  kind: 'track',
  title: 'x',
  highlights: [],
  score: 1,
  popularity: 0,
  ...hit,
});

describe('the top hit', () => {
  it('is the best by score, then popularity, then kind', () => {
    const order = [
      aHit({ kind: 'playlist', score: 0.9 }),
      aHit({ kind: 'album', score: 0.8, popularity: 50 }),
      aHit({ kind: 'artist', score: 0.8, popularity: 40 }),
      aHit({ kind: 'track', score: 0.8, popularity: 40 }),
      aHit({ kind: 'album', score: 0.8, popularity: 40 }),
      aHit({ kind: 'playlist', score: 0.8, popularity: 40 }),
    ];
    for (let rest = order; rest.length > 0; rest = rest.slice(1))
      expect(chooseTopHit(rest.toReversed())).toBe(rest[0]);
    expect(chooseTopHit([])).toBeNull();
  });
});

describe('merged queries', () => {
  const aQuery = (query: Partial<SearchQuery>): SearchQuery => ({
    kind: 'track',
    text: 'x',
    audience: { market: 'DE', explicit: true },
    filter: { genreId: null, decades: null, explicit: null },
    offset: 0,
    limit: 10,
    facets: false,
    ...query,
  });
  const answer = ({ limit, facets }: SearchQuery): SearchPage => ({
    hits: Array.from({ length: limit }, (_, index) => aHit({ id: String(index) })),
    facets: facets ? { genres: new Map(), decades: new Map(), explicit: new Map() } : null,
    generation: 'g',
  });

  it('are one where only length and facets differ, and each gets back what it asked for', () => {
    const queries = [aQuery({ limit: 1 }), aQuery({ limit: 11 }), aQuery({ limit: 0, facets: true })];
    const { merged, pagesOf } = mergeQueries(queries);
    expect(merged).toEqual([aQuery({ limit: 11, facets: true })]);
    expect(pagesOf(merged.map(answer)).map(({ hits, facets }) => [hits.length, facets !== null])).toEqual([
      [1, false],
      [11, false],
      [0, true],
    ]);
  });

  it.each<[string, Partial<SearchQuery>]>([
    ['kind', { kind: 'album' }],
    ['text', { text: 'y' }],
    ['market', { audience: { market: 'BR', explicit: true } }],
    ['explicit filter', { audience: { market: 'DE', explicit: false } }],
    ['genre', { filter: { genreId: 'genre_1', decades: null, explicit: null } }],
    ['place', { offset: 10 }],
  ])('stay two where they differ in %s', (_, other) => {
    const { merged, pagesOf } = mergeQueries([aQuery({ limit: 2 }), aQuery({ limit: 3, ...other })]);
    expect(merged).toHaveLength(2);
    expect(pagesOf(merged.map(answer)).map(({ hits }) => hits.length)).toEqual([2, 3]);
  });

  it('are not answered by fewer pages', () => {
    const { pagesOf } = mergeQueries([aQuery({}), aQuery({ kind: 'album' })]);
    expect(() => pagesOf([answer(aQuery({}))])).toThrow('expected 2 pages of the index, got 1');
  });
});

describe('the popularity of a playlist', () => {
  it.each([
    [0, 0],
    [1, 5],
    [9, 17],
    [99, 33],
    [9_999, 67],
    [999_999, 100],
    [50_000_000, 100],
    [-1, 0],
  ])('with %i followers is %i', (followers, popularity) => {
    expect(popularityOfFollowers(followers)).toBe(popularity);
  });
});

describe('an index', () => {
  const builtAt = new Date('2026-11-23T00:00:00Z');
  const counts = { track: 0, artist: 0, album: 0, playlist: 0 };
  const state = { generation: 'g', builtAt, counts, positions: { catalog: '7', playlists: '0' } };
  const sources = ['catalog', 'playlists'];
  const day = 86_400_000;
  const when = (ageMs: number, everyMs: number | null = day) => ({ now: builtAt.getTime() + ageMs, everyMs });

  it('is rebuilt when there is none, when it lacks a source, and when it is old', () => {
    expect(rebuildReason({ ...state, generation: null, builtAt: null }, sources, when(0))).toMatch(
      /no index/,
    );
    expect(rebuildReason({ ...state, positions: { catalog: '7' } }, sources, when(0))).toMatch(/playlists/);
    expect(rebuildReason(state, sources, when(day - 1))).toBeNull();
    expect(rebuildReason(state, sources, when(day))).toMatch(/old enough/);
  });

  it('may get as old as it likes where nothing says otherwise', () => {
    expect(rebuildReason(state, sources, when(900 * day, null))).toBeNull();
  });
});
