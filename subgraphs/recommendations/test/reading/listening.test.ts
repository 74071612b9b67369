import { beforeEach, describe, expect, it } from 'vitest';
import type { HistoryPlay } from '../../src/domain/play-history.ts';
import { UserDataUnavailableError } from '../../src/domain/user-data.ts';
import {
  idOf,
  now,
  openRecommendations,
  type Recommendations,
  trackIds,
  uuidOf,
} from './recommendations-under-test.ts';

let service: Recommendations;
let ann: ReturnType<Recommendations['signIn']>;
beforeEach(async () => {
  service = await openRecommendations();
  ann = service.signIn('ann');
});

let told = 0;
/** Something that Ann played, so many minutes ago. */
function played(track: string | number, minutesAgo: number, play: Partial<HistoryPlay> = {}): void {
  told += 1;
  service.plays.push({
    userId: ann.userId,
    eventId: uuidOf('track', `event ${told}`),
    trackId: uuidOf('track', track),
    playedAt: new Date(now.getTime() - minutesAgo * 60_000),
    msPlayed: 180_000,
    counted: true,
    skipped: false,
    context: null,
    ...play,
  });
}
const range = (from: number, to: number) => Array.from({ length: to - from + 1 }, (_, index) => from + index);
const day = 24 * 60;

interface Page<Edge> {
  edges: Edge[];
  pageInfo: { hasNextPage: boolean; hasPreviousPage: boolean; endCursor: string | null };
}

describe('me.recentlyPlayed', () => {
  interface Edge {
    node: { id: string };
    playedAt: string;
    msPlayed: number;
    skipped: boolean;
    counted: boolean;
    playedFrom: { __typename: string; id: string } | null;
  }
  const fields = `edges { node { id } playedAt msPlayed skipped counted
      playedFrom { __typename ... on Album { id } ... on Artist { id } ... on Playlist { id } ... on Mix { id } } }
    pageInfo { hasNextPage hasPreviousPage endCursor }`;
  const read = async (first: number, after: string | null = null, who = ann) => {
    const { me, errors } = await who.me<{ recentlyPlayed: Page<Edge> | null }>(
      `recentlyPlayed(first: ${first}, after: $after) { ${fields} }`,
      { after },
    );
    return { page: me.recentlyPlayed as Page<Edge>, code: errors?.[0]?.extensions.code };
  };

  it('tells all of it, the last first: counted or not, skipped or not, also what may not be played here', async () => {
    service.track(1, { markets: new Set() });
    played(1, 3, { counted: false, skipped: true, msPlayed: 4_000 });
    played('unknown', 2);
    played(1, 1);
    const { page } = await read(10);
    expect(page.edges.map(({ node }) => node.id)).toEqual(trackIds([1, 'unknown', 1]));
    expect(page.edges[2]).toEqual({
      node: { id: idOf('track', 1) },
      playedAt: '2026-11-23T11:57:00.000Z',
      msPlayed: 4_000,
      skipped: true,
      counted: false,
      playedFrom: null,
    });
  });

  it('goes on page by page to the first play, each once, also where many are of one moment', async () => {
    for (const index of range(1, 25)) played(index, index < 10 ? 5 : index);
    const found: string[] = [];
    let after: string | null = null;
    let page: Page<Edge>;
    do {
      ({ page } = await read(4, after));
      expect(page.pageInfo.hasPreviousPage).toBe(after !== null);
      found.push(...page.edges.map(({ node }) => node.id));
      after = page.pageInfo.endCursor;
    } while (page.pageInfo.hasNextPage);
    expect(found).toHaveLength(25);
    expect(new Set(found).size).toBe(25);
  });

  it('tells what it was played from, unless that is gone, or nothing that there is', async () => {
    service.track(1);
    service.album('there');
    service.mix('ann', [1]);
    service.mix('bob', [1]);
    const contexts: [string, string | null][] = [
      ['ALBUM', idOf('album', 'there')],
      ['ALBUM', idOf('album', 'gone')],
      ['ARTIST', idOf('artist', 'ann')],
      ['ARTIST', idOf('artist', 'gone')],
      ['PLAYLIST', idOf('playlist', 'any')],
      ['MIX', idOf('mix', 'ann 0')],
      ['MIX', idOf('mix', 'bob 1')],
      ['ALBUM', idOf('artist', 'ann')],
      ['ALBUM', 'rubbish'],
      ['RADIO', idOf('track', 1)],
      ['SEARCH', null],
    ];
    for (const [index, [kind, id]] of contexts.entries()) played(1, index, { context: { kind, id } });
    const { page } = await read(100);
    expect(
      page.edges.map(({ playedFrom }) => playedFrom && `${playedFrom.__typename} ${playedFrom.id}`),
    ).toEqual([
      `Album ${idOf('album', 'there')}`,
      null,
      `Artist ${idOf('artist', 'ann')}`,
      null,
      `Playlist ${idOf('playlist', 'any')}`,
      `Mix ${idOf('mix', 'ann 0')}`,
      ...[null, null, null, null, null],
    ]);
  });

  it('refuses sizes and cursors that are no good, also those of another account', async () => {
    for (const index of range(1, 5)) played(index, index);
    expect((await read(0)).code).toBe('BAD_USER_INPUT');
    expect((await read(101)).code).toBe('BAD_USER_INPUT');
    expect((await read(5, 'x')).code).toBe('BAD_USER_INPUT');
    const { page } = await read(2);
    expect((await read(5, page.pageInfo.endCursor, service.signIn('bob'))).code).toBe('BAD_USER_INPUT');
  });

  it.each([
    ['UPSTREAM_UNAVAILABLE', () => Promise.reject(new UserDataUnavailableError(new Error('10.0.0.1:9042')))],
    ['UPSTREAM_TIMEOUT', () => new Promise<never>(() => {})],
  ])('is null with %s while its store is away, and costs no other field', async (code, asked) => {
    service = await openRecommendations({ history: { page: asked, countsByTrack: asked } });
    ann = service.signIn('ann');
    const { me, errors } = await ann.me('recentlyPlayed(first: 5) { pageInfo { hasNextPage } } mixes { id }');
    expect(me).toEqual({ recentlyPlayed: null, mixes: [] });
    expect(errors?.[0]?.extensions.code).toBe(code);
    expect(JSON.stringify(errors)).not.toContain('10.0.0.1');
  });
});

describe('me.top', () => {
  type Ranked = Page<{ node: { id: string }; plays: number }>;
  const ranked = (name: string, first = 10) =>
    `${name}(first: ${first}, after: $after) { edges { node { id } plays } pageInfo { hasNextPage hasPreviousPage endCursor } }`;
  const read = async (rangeName: string, first = 10, after: string | null = null) => {
    const { me, errors } = await ann.me<{
      top: { from: string | null; tracks: Ranked; artists: Ranked } | null;
    }>(`top(range: ${rangeName}) { from ${ranked('tracks', first)} }`, { after });
    return { top: me.top, code: errors?.[0]?.extensions.code };
  };
  const rows = ({ edges }: Ranked) => edges.map(({ node, plays }) => [node.id, plays]);

  beforeEach(() => {
    for (const minutesAgo of [1, 2, 3]) played('new', minutesAgo);
    for (const minutesAgo of [1, 2, 3, 4]) played('autumn', 60 * day + minutesAgo);
    for (const minutesAgo of [1, 2, 3, 4, 5]) played('last year', 400 * day + minutesAgo);
    played('skipped', 1, { counted: false });
  });

  it('counts plays that count, over 28 days, 182 days, and all of it', async () => {
    const four = (await read('LAST_4_WEEKS')).top;
    expect(four?.from).toBe('2026-10-26T12:00:00.000Z');
    expect(rows(four?.tracks as Ranked)).toEqual([[idOf('track', 'new'), 3]]);
    const half = (await read('LAST_6_MONTHS')).top;
    expect(half?.from).toBe('2026-05-25T12:00:00.000Z');
    expect(rows(half?.tracks as Ranked)).toEqual([
      [idOf('track', 'autumn'), 4],
      [idOf('track', 'new'), 3],
    ]);
    const all = (await read('ALL_TIME')).top;
    expect(all?.from).toBeNull();
    expect(rows(all?.tracks as Ranked).map(([, plays]) => plays)).toEqual([5, 4, 3]);
  });

  it('credits artists as tracks are credited today', async () => {
    service.track('new', { by: ['ann', 'bob'] });
    service.track('autumn', { by: 'bob' });
    const { me } = await ann.me<{ top: { artists: Ranked } }>(
      `top(range: ALL_TIME) { ${ranked('artists')} }`,
      {
        after: null,
      },
    );
    expect(rows(me.top.artists)).toEqual([
      [idOf('artist', 'bob'), 7],
      [idOf('artist', 'ann'), 3],
    ]);
  });

  it('goes on page by page, a thousand places deep', async () => {
    for (const index of range(1, 1_100)) played(`much ${index}`, index);
    let after: string | null = null;
    const found: string[] = [];
    do {
      const { top } = await read('ALL_TIME', 100, after);
      found.push(...(top as { tracks: Ranked }).tracks.edges.map(({ node }) => node.id));
      after = top?.tracks.pageInfo.hasNextPage ? top.tracks.pageInfo.endCursor : null;
    } while (after);
    expect(found).toHaveLength(1_000);
    expect(new Set(found).size).toBe(1_000);
  });

  it('refuses a cursor of another range', async () => {
    const { top } = await read('ALL_TIME', 1);
    expect((await read('LAST_4_WEEKS', 1, top?.tracks.pageInfo.endCursor ?? null)).code).toBe(
      'BAD_USER_INPUT',
    );
    expect((await read('ALL_TIME', 0)).code).toBe('BAD_USER_INPUT');
  });
});
