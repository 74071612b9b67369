import { beforeEach, describe, expect, it } from 'vitest';
import {
  idOf,
  now,
  openRecommendations,
  type Recommendations,
  recentPlay,
  trackIds,
  uuidOf,
} from './recommendations-under-test.ts';

const selection = `recommendations(after: $after) { caughtUp asOf eventLagMs empty { code message }
  shelves { id kind title because { __typename ... on Track { id } ... on Artist { id } }
    items(first: 50) { item { __typename ... on Track { id } ... on Album { id } ... on Artist { id } ... on Playlist { id } ... on Mix { id title } }
      recommendation { reason message source because { ... on Track { id } ... on Artist { id } } model { version } asOf eventLagMs } } } }`;

interface Shelf {
  id: string;
  kind: string;
  title: string;
  because: { __typename: string; id: string } | null;
  items: {
    item: { __typename: string; id: string };
    recommendation: { reason: string; message: string; source: string; model: object | null; asOf: string };
  }[];
}
interface Shown {
  shelves: Shelf[];
  caughtUp: boolean;
  asOf: string;
  eventLagMs: number | null;
  empty: { code: string } | null;
}

let service: Recommendations;
let ann: ReturnType<Recommendations['signIn']>;
beforeEach(async () => {
  service = await openRecommendations();
  ann = service.signIn('ann');
});

async function shown(who = ann, after: string | null = null): Promise<Shown> {
  const { me, errors } = await who.me<{ recommendations: Shown }>(selection, { after });
  expect(errors).toBeUndefined();
  return me.recommendations;
}
const shelfOf = ({ shelves }: Shown, kind: string) => shelves.find((shelf) => shelf.kind === kind);
const idsOn = (shelf: Shelf | undefined) => shelf?.items.map(({ item }) => item.id);
const range = (from: number, to: number) => Array.from({ length: to - from + 1 }, (_, index) => from + index);

/** Tracks 0 to 99 by twenty artists, each with the next thirty as neighbours. */
function fillCatalog(): void {
  for (const name of range(0, 99)) service.track(name, { by: `artist ${name % 20}`, popularity: name % 50 });
  for (const name of range(0, 99))
    service.alike(
      name,
      range(1, 30).map((step) => (name + step) % 100),
    );
}

describe('me.recommendations', () => {
  it('has what is popular in the market for somebody of whom nothing is known', async () => {
    fillCatalog();
    service.models.popularIds = [uuidOf('track', 7), uuidOf('track', 5)];
    const { shelves, caughtUp, asOf, eventLagMs, empty } = await shown();
    expect(shelves.map(({ kind }) => kind)).toEqual(['POPULAR']);
    expect(shelves[0]?.title).toBe('Popular in Germany');
    expect(idsOn(shelves[0])).toHaveLength(50);
    expect(idsOn(shelves[0])?.slice(0, 2)).toEqual(trackIds([7, 5]));
    expect(shelves[0]?.items[0]?.recommendation).toMatchObject({ reason: 'POPULAR', source: 'POPULAR' });
    expect({ caughtUp, asOf, eventLagMs, empty }).toEqual({
      caughtUp: true,
      asOf: '2026-11-23T11:59:59.000Z',
      eventLagMs: 12,
      empty: null,
    });
  });

  it('goes by the first play', async () => {
    fillCatalog();
    ann.likes({ recent: [recentPlay(0, 3)] });
    const answer = await shown();
    const because = shelfOf(answer, 'BECAUSE_YOU_LISTENED');
    expect(because).toMatchObject({
      title: 'Because you listened to artist 0',
      because: { __typename: 'Artist', id: idOf('artist', 'artist 0') },
    });
    expect(idsOn(because)?.slice(0, 3)).toEqual(trackIds([1, 2, 3]));
    expect(because?.items[0]?.recommendation).toMatchObject({
      reason: 'LISTENED_TOGETHER',
      source: 'LIVE',
      message: 'Because you listened to Track 0',
      model: { version: '2026-11-23T04:00:00Z-3' },
      asOf: '2026-11-23T11:59:59.000Z',
    });
  });

  it('goes by the first play without any model', async () => {
    const genreIds = [uuidOf('genre', 'house')];
    for (const name of range(0, 9)) service.track(name, { by: `artist ${name}`, genreIds });
    ann.likes({ recent: [recentPlay(0, 3)], genres: [{ id: genreIds[0] as string, weight: 1 }] });
    const because = shelfOf(await shown(), 'BECAUSE_YOU_LISTENED');
    expect(idsOn(because)).toHaveLength(9);
    expect(because?.items[0]?.recommendation).toMatchObject({ reason: 'SOUNDS_ALIKE', model: null });
  });

  it('has a shelf for each of the last three artists who were heard, and none for one who was skipped since', async () => {
    fillCatalog();
    ann.likes({
      recent: [
        recentPlay(4, 1, { signal: -1 }),
        recentPlay(1, 2),
        recentPlay(2, 3),
        recentPlay(24, 4),
        recentPlay(3, 5),
        recentPlay(5, 6),
      ],
    });
    const { shelves } = await shown();
    const titles = shelves.filter(({ kind }) => kind === 'BECAUSE_YOU_LISTENED').map(({ title }) => title);
    expect(titles).toEqual(
      ['artist 1', 'artist 2', 'artist 3'].map((name) => `Because you listened to ${name}`),
    );
    expect(new Set(shelves.map(({ id }) => id)).size).toBe(shelves.length);
  });

  it('shows no track on two shelves, and none on these that was just played', async () => {
    fillCatalog();
    ann.likes({ recent: range(0, 9).map((name) => recentPlay(name * 3, name)) });
    const { shelves } = await shown();
    const tracks = shelves.flatMap(({ items }) =>
      items.flatMap(({ item }) => (item.__typename === 'Track' ? [item.id] : [])),
    );
    expect(tracks.length).toBeGreaterThan(50);
    expect(new Set(tracks).size).toBe(tracks.length);
    for (const shelf of shelves.filter(({ kind }) => kind !== 'POPULAR'))
      for (const id of trackIds(range(0, 9).map((name) => name * 3))) expect(idsOn(shelf)).not.toContain(id);
  });

  it('fits what is liked, and not what is skipped', async () => {
    fillCatalog();
    ann.likes({
      recent: [recentPlay(0, 1)],
      tracks: [
        { id: uuidOf('track', 0), weight: 3 },
        { id: uuidOf('track', 10), weight: 3 },
        { id: uuidOf('track', 20), weight: -4 },
      ],
    });
    for (const list of [...service.models.lists.keys()]) service.models.lists.delete(list);
    service.alike(0, [30, 31, 32]);
    service.alike(10, [31, 32, 33]);
    service.alike(20, [33, 32]);
    const { shelves } = await shown();
    const because = shelves.find(({ kind }) => kind === 'BECAUSE_YOU_LISTENED');
    expect(idsOn(because)?.slice(0, 3)).toEqual(trackIds([30, 31, 32]));
    // 31 and 32 stand there already; 33 is outweighed by the skips.
    expect(shelves.find(({ kind }) => kind === 'FITS_TASTE')).toBeUndefined();
    ann.likes({ tracks: [{ id: uuidOf('track', 10), weight: 3 }] });
    const fits = shelfOf(await shown(), 'FITS_TASTE');
    expect(idsOn(fits)).toEqual(trackIds([31, 32, 33]));
    expect(fits).toMatchObject({ title: 'More of what you like', because: null });
    expect(fits?.items[0]?.recommendation).toMatchObject({ reason: 'FITS_TASTE', source: 'LIVE' });
  });

  it('leads back to what was listened to, the last first', async () => {
    const album = service.album('Discovery');
    service.track(1, { albumId: album });
    service.track(2);
    const from = (kind: string, id: string | null) => ({ context: { kind, id } });
    ann.likes({
      recent: [
        recentPlay(1, 1, from('ALBUM', idOf('album', 'Discovery'))),
        recentPlay(1, 2, from('ALBUM', idOf('album', 'Discovery'))),
        recentPlay(2, 3, from('ARTIST', idOf('artist', 'ann'))),
        recentPlay(2, 4, from('PLAYLIST', idOf('playlist', 'p'))),
        recentPlay(2, 5, { ...from('PLAYLIST', idOf('playlist', 'skipped')), signal: -1 }),
        // What players tell that is not so.
        recentPlay(2, 6, from('ALBUM', idOf('album', 'Discovery'))),
        recentPlay(2, 7, from('ARTIST', idOf('artist', 'nobody'))),
        recentPlay(2, 8, from('ALBUM', '../../etc/passwd')),
        recentPlay(2, 9, from('ALBUM', null)),
        recentPlay(2, 10, from('constructor', idOf('album', 'Discovery'))),
      ],
    });
    const jump = shelfOf(await shown(), 'JUMP_BACK_IN');
    expect(jump?.items.map(({ item }) => item)).toEqual([
      { __typename: 'Album', id: idOf('album', 'Discovery') },
      { __typename: 'Artist', id: idOf('artist', 'ann') },
      { __typename: 'Playlist', id: idOf('playlist', 'p') },
    ]);
    expect(jump?.items[0]?.recommendation).toMatchObject({
      reason: 'PLAYED_BEFORE',
      source: 'LIVE',
      model: null,
    });
  });

  it('leads back to nothing of which nothing may be played', async () => {
    service.track(1, { albumId: service.album('far'), markets: new Set(['US']) });
    ann.likes({ recent: [recentPlay(1, 1, { context: { kind: 'ALBUM', id: idOf('album', 'far') } })] });
    expect(shelfOf(await shown(), 'JUMP_BACK_IN')).toBeUndefined();
    const abroad = service.signIn('ann', { market: 'US' });
    expect(idsOn(shelfOf(await shown(abroad), 'JUMP_BACK_IN'))).toEqual([idOf('album', 'far')]);
  });

  it('tells what is new from artists who are followed, a few of each release', async () => {
    const follow = (name: string, inLibrary = true) =>
      service.entries.push({
        userId: ann.userId,
        itemId: idOf('artist', name),
        version: 1,
        inLibrary,
        at: now,
      });
    follow('bob');
    follow('cleo', false);
    service.entries.push({
      userId: ann.userId,
      itemId: idOf('track', 1),
      version: 1,
      inLibrary: true,
      at: now,
    });
    const fresh = service.album('fresh', { by: 'bob', releasedOn: '2026-11-20' });
    const old = service.album('old', { by: 'bob', releasedOn: '2026-01-01' });
    const coming = service.album('coming', { by: 'bob', releasedOn: '2027-01-01' });
    const hers = service.album('hers', { by: 'cleo', releasedOn: '2026-11-20' });
    for (const name of range(1, 5))
      service.track(`fresh ${name}`, { by: 'bob', albumId: fresh, popularity: 0 });
    service.track('old', { by: 'bob', albumId: old });
    service.track('coming', { by: 'bob', albumId: coming });
    service.track('hers', { by: 'cleo', albumId: hers });
    const shelf = shelfOf(await shown(), 'NEW_FROM_FOLLOWED');
    expect(idsOn(shelf)).toEqual(trackIds(['fresh 1', 'fresh 2', 'fresh 3']));
    expect(shelf?.items[0]?.recommendation).toMatchObject({
      reason: 'NEW_FROM_FOLLOWED',
      message: 'New from bob',
      source: 'LIVE',
      model: null,
    });
  });

  it('shows the mixes that are there while others take their time', async () => {
    service = await openRecommendations({ mixMaker: { makeIfDue: () => new Promise(() => {}) } });
    ann = service.signIn('ann');
    service.track(1);
    service.mix('ann', [1]);
    const startedAt = performance.now();
    expect(idsOn(shelfOf(await shown(), 'MADE_FOR_YOU'))).toEqual([idOf('mix', 'ann 0')]);
    expect(performance.now() - startedAt).toBeLessThan(1_000);
  });

  it('shows the mixes that were made, and has those made that are missing', async () => {
    service.track(1);
    service.mix('ann', [1], { kind: 'DAILY_MIX', slot: 2, title: 'Daily Mix 2' });
    service.mix('ann', [1]);
    service.mix('ann', [1], { fixedUntil: new Date('2026-11-22T00:00:00.000Z') });
    service.mix('bob', [1]);
    const shelf = shelfOf(await shown(), 'MADE_FOR_YOU');
    expect(shelf?.items.map(({ item }) => item)).toEqual([
      { __typename: 'Mix', id: idOf('mix', 'ann 1'), title: 'Discover Weekly' },
      { __typename: 'Mix', id: idOf('mix', 'ann 0'), title: 'Daily Mix 2' },
    ]);
    expect(shelf?.items[0]?.recommendation).toMatchObject({
      source: 'BATCH',
      model: { version: '2026-11-23T04:00:00Z-3' },
      asOf: '2026-11-22T23:00:00.000Z',
    });
    expect(service.madeFor).toEqual([ann.userId]);
  });

  it('leaves out what may not be played, on every shelf', async () => {
    fillCatalog();
    ann.likes({ recent: [recentPlay(0, 1)] });
    for (const name of range(0, 99))
      service.track(name, {
        by: `artist ${name % 20}`,
        explicit: name % 3 === 0,
        withdrawn: name % 7 === 0,
        markets: new Set(name % 2 ? ['US'] : ['DE']),
      });
    const strict = service.signIn('ann', { explicit: false });
    const { shelves } = await shown(strict);
    const allowed = trackIds(range(0, 99).filter((name) => name % 3 && name % 7 && name % 2 === 0));
    const found = shelves.flatMap((shelf) => idsOn(shelf) ?? []);
    expect(found.length).toBeGreaterThan(5);
    for (const id of found) expect(allowed).toContain(id);
  });

  it('says why there is nothing', async () => {
    fillCatalog();
    expect((await shown(service.signIn('ann', { market: null }))).empty?.code).toBe('MARKET_UNKNOWN');
    const nowhere = await shown(service.signIn('ann', { market: 'FR' }));
    expect(nowhere).toMatchObject({ shelves: [], empty: { code: 'NOTHING_ALIKE' } });
  });

  it('waits for the play that a token stands for, and says whether it is in', async () => {
    fillCatalog();
    expect((await shown(ann, 'token')).caughtUp).toBe(true);
    service.world.caughtUp = false;
    expect((await shown(ann, 'token')).caughtUp).toBe(false);
    const { me, errors } = await ann.me<{ recommendations: null }>(selection, { after: 'forged' });
    expect(me.recommendations).toBeNull();
    expect(errors?.[0]?.extensions.code).toBe('BAD_USER_INPUT');
  });

  it('shows so many items as are asked for, 1 to 50', async () => {
    fillCatalog();
    const items = (first: number) =>
      `recommendations { shelves { items(first: ${first}) { item { __typename } } } }`;
    const { me } = await ann.me<{ recommendations: Shown }>(items(3));
    expect(me.recommendations.shelves[0]?.items).toHaveLength(3);
    for (const first of [0, 51, -1])
      expect((await ann.me(items(first))).errors?.[0]?.extensions.code).toBe('BAD_USER_INPUT');
  });

  it('is for the account itself and nobody else', async () => {
    fillCatalog();
    const fields = `recommendations { caughtUp } recentlyPlayed(first: 5) { edges { playedAt } } top { from } mixes { id }`;
    const nothing = { recommendations: null, recentlyPlayed: null, top: null, mixes: null };
    const { me } = await ann.me(fields, {}, idOf('user', 'bob'));
    expect(me).toEqual(nothing);
    for (const actor of [{ kind: 'anonymous' as const }, { kind: 'service' as const, id: 'playlists' }]) {
      const { data } = await service.ask<{ _entities: object[] }>(
        `{ _entities(representations: [{ __typename: "Viewer", id: "${ann.id}" }]) { ... on Viewer { ${fields} } } }`,
        {},
        { actor, market: 'DE' },
      );
      expect(data._entities).toEqual([nothing]);
    }
  });
});

describe('me.recommendations, while stores are away', () => {
  const away = () => Promise.reject(new Error('away'));

  it('shows the shelves that can be made', async () => {
    service = await openRecommendations({ profiles: { find: away }, library: { find: away } });
    ann = service.signIn('ann');
    fillCatalog();
    service.mix('ann', [1]);
    expect((await shown()).shelves.map(({ kind }) => kind)).toEqual(['MADE_FOR_YOU', 'POPULAR']);
  });

  it('does not wait for a store that hangs', async () => {
    const never = () => new Promise<never>(() => {});
    service = await openRecommendations({ profiles: { find: never }, library: { find: never } });
    ann = service.signIn('ann');
    fillCatalog();
    const began = performance.now();
    expect((await shown()).shelves.map(({ kind }) => kind)).toEqual(['POPULAR']);
    expect(performance.now() - began).toBeLessThan(3_500);
  });

  it('makes no shelves for who only waits for a play', async () => {
    let asked = 0;
    const find = () => {
      asked += 1;
      return Promise.resolve(new Map());
    };
    service = await openRecommendations({ profiles: { find } });
    ann = service.signIn('ann');
    const { me } = await ann.me('recommendations { caughtUp asOf eventLagMs }');
    expect(me).toMatchObject({ recommendations: { caughtUp: true } });
    expect(asked).toBe(0);
  });

  it('tells that it is out of order when nothing can be made, and costs no other field', async () => {
    service = await openRecommendations();
    const gone = () => Promise.reject(Object.assign(new Error('10.0.0.1'), { code: 'ECONNREFUSED' }));
    const facts = { ...service.facts, findTracks: gone, popular: gone };
    service = await openRecommendations({ facts, profiles: { find: away } });
    ann = service.signIn('ann');
    const { me, errors } = await ann.me<{ recommendations: null; mixes: [] }>(
      'recommendations { caughtUp shelves { kind } } mixes { id }',
    );
    expect(me).toEqual({ recommendations: null, mixes: [] });
    expect(errors?.[0]).toMatchObject({ extensions: { code: 'UPSTREAM_UNAVAILABLE' } });
    expect(JSON.stringify(errors)).not.toContain('10.0.0.1');
  });
});
