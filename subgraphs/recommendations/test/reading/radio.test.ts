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

const query = `query ($seed: ID!, $first: Int!, $after: String) { radio(seed: $seed, first: $first, after: $after) {
  edges { cursor node { id } recommendation { reason source message because { ... on Track { id } ... on Artist { id } } model { version } } }
  pageInfo { hasNextPage hasPreviousPage startCursor endCursor } empty { code message } } }`;

interface Radio {
  edges: {
    cursor: string;
    node: { id: string };
    recommendation: { reason: string; source: string; message: string; because: { id: string } | null };
  }[];
  pageInfo: { hasNextPage: boolean; hasPreviousPage: boolean; startCursor: string; endCursor: string | null };
  empty: { code: string; message: string } | null;
}
type Asker = (
  query: string,
  variables: object,
) => Promise<{ data: { radio: Radio | null }; errors?: unknown }>;

let service: Recommendations;
let ask: Asker;
beforeEach(async () => {
  service = await openRecommendations();
  ask = (text, variables) => service.asAnonymous(text, variables as Record<string, unknown>);
});

async function radio(
  seed: string,
  given: { first?: number; after?: string | null; ask?: Asker } = {},
): Promise<Radio> {
  const { data, errors } = await (given.ask ?? ask)(query, {
    seed,
    first: given.first ?? 10,
    after: given.after,
  });
  expect(errors).toBeUndefined();
  return data.radio as Radio;
}
/** The tracks of the next so many pages. */
async function listen(
  seed: string,
  pages: number,
  given: { first?: number; ask?: Asker } = {},
): Promise<string[]> {
  const heard: string[] = [];
  let after: string | null = null;
  for (let page = 0; page < pages; page++) {
    const { edges, pageInfo } = await radio(seed, { ...given, after });
    heard.push(...edges.map(({ node }) => node.id));
    after = pageInfo.endCursor;
  }
  return heard;
}
const idsOf = ({ edges }: Radio) => edges.map(({ node }) => node.id);
const range = (from: number, to: number) => Array.from({ length: to - from + 1 }, (_, index) => from + index);

/** Tracks 0 to `count`, by as many artists as told, each with the next fifty as neighbours. */
function fillCatalog(count: number, artists: number): void {
  for (const name of range(0, count - 1)) service.track(name, { by: `artist ${name % artists}` });
  for (const name of range(0, count - 1))
    service.alike(
      name,
      range(1, 50).map((step) => (name + step) % count),
    );
}

describe('radio', () => {
  it('goes on from page to page without end, and no track comes twice', async () => {
    fillCatalog(400, 40);
    const heard = await listen(idOf('track', 0), 12, { first: 25 });
    expect(heard).toHaveLength(300);
    expect(new Set(heard).size).toBe(300);
    expect(heard).not.toContain(idOf('track', 0));
  });

  it('plays no artist more than twice in ten', async () => {
    fillCatalog(300, 12);
    const heard = await listen(idOf('track', 0), 10, { first: 13 });
    const artistOf = new Map(
      [...service.facts.tracks.values()].map(({ title, artistIds }) => [
        idOf('track', title.replace('Track ', '')),
        artistIds[0],
      ]),
    );
    for (let from = 0; from + 10 <= heard.length; from++) {
      const counts = new Map<unknown, number>();
      for (const id of heard.slice(from, from + 10))
        counts.set(artistOf.get(id), (counts.get(artistOf.get(id)) ?? 0) + 1);
      expect(Math.max(...counts.values())).toBeLessThanOrEqual(2);
    }
  });

  it('plays on when all has been played: what came the longest ago comes first', async () => {
    fillCatalog(21, 7);
    const heard = await listen(idOf('track', 0), 8, { first: 10 });
    expect(heard).toHaveLength(80);
    expect(new Set(heard.slice(0, 20)).size).toBe(20);
    // As far apart as so few tracks allow, give or take what the artists ask for.
    for (const [index, id] of heard.entries()) {
      const before = heard.lastIndexOf(id, index - 1);
      if (index > 0 && before >= 0) expect(index - before).toBeGreaterThanOrEqual(10);
    }
  });

  it('goes on with the one artist that there is', async () => {
    for (const name of range(0, 5)) service.track(name);
    const heard = await listen(idOf('artist', 'ann'), 3, { first: 5 });
    expect(heard).toHaveLength(15);
  });

  it('is another one each time that it begins, and the same page is the same again', async () => {
    fillCatalog(300, 40);
    const [first, second] = [await radio(idOf('track', 0)), await radio(idOf('track', 0))];
    expect(idsOf(first)).not.toEqual(idsOf(second));
    const next = await radio(idOf('track', 0), { after: first.pageInfo.endCursor });
    await radio(idOf('track', 0), { after: next.pageInfo.endCursor });
    expect(await radio(idOf('track', 0), { after: first.pageInfo.endCursor })).toEqual(next);
    // Also from the middle of a page, and for a page of another size.
    const middle = await radio(idOf('track', 0), { after: next.edges[3]?.cursor ?? null, first: 3 });
    expect(idsOf(middle)).toEqual(idsOf(next).slice(4, 7));
  });

  it('asked for the same page twice at once, answers the same twice, though its listener skips in between', async () => {
    let looks = 0;
    const skips = [3, 7, 11, 2, 5].map((name) => recentPlay(name, 0, { signal: -1 }));
    const profileOf = () =>
      ({ ...service.profiles.get(uuidOf('user', 'ann')), recent: skips.slice(0, looks++) }) as never;
    const find = async () => new Map([[uuidOf('user', 'ann'), profileOf()]]);
    service = await openRecommendations({ profiles: { find } });
    fillCatalog(300, 40);
    const asker = service.signIn('ann').ask as Asker;
    const { pageInfo } = await radio(idOf('track', 0), { ask: asker });
    const pages = await Promise.all(
      range(1, 5).map(() => radio(idOf('track', 0), { after: pageInfo.endCursor, ask: asker })),
    );
    expect(looks).toBeGreaterThan(2);
    for (const page of pages) expect(idsOf(page)).toEqual(idsOf(pages[0] as Radio));
  });

  it('begins with what goes best', async () => {
    fillCatalog(300, 60);
    const near = new Set(trackIds(range(1, 25)));
    const heard: string[] = [];
    for (const _ of range(1, 20)) heard.push(...idsOf(await radio(idOf('track', 0), { first: 5 })));
    expect(heard.filter((id) => near.has(id)).length).toBeGreaterThan(70);
  });

  it('is made around an artist too, whose own tracks are among it', async () => {
    fillCatalog(300, 40);
    const heard = await listen(idOf('artist', 'artist 3'), 4);
    const own = trackIds(range(0, 6).map((index) => 3 + 40 * index));
    expect(heard.slice(0, 20).filter((id) => own.includes(id)).length).toBeGreaterThan(1);
    expect(new Set(heard).size).toBe(40);
  });

  it('is made around a mix of the viewer, and around nobody else’s', async () => {
    fillCatalog(300, 40);
    const mix = service.mix('ann', [1, 2, 3]);
    const id = idOf('mix', 'ann 0');
    expect(mix.id).toBe(uuidOf('mix', 'ann 0'));
    const [ann, bob] = [service.signIn('ann'), service.signIn('bob')];
    const heard = idsOf(await radio(id, { ask: ann.ask as Asker }));
    expect(heard).toHaveLength(10);
    for (const own of trackIds([1, 2, 3])) expect(heard).not.toContain(own);
    expect((await radio(id, { ask: bob.ask as Asker })).empty?.code).toBe('UNKNOWN_SEED');
    expect((await radio(id)).empty?.code).toBe('UNKNOWN_SEED');
  });

  it('says why each track is there', async () => {
    fillCatalog(300, 40);
    const { edges } = await radio(idOf('track', 0));
    const direct = edges.find(({ recommendation }) => recommendation.because?.id === idOf('track', 0));
    expect(direct?.recommendation).toMatchObject({
      reason: 'LISTENED_TOGETHER',
      source: 'BATCH',
      message: 'Listeners of Track 0 like it',
      model: { version: '2026-11-23T04:00:00Z-3' },
    });
  });

  it('plays without a model: the same artist, the same genres, what is popular', async () => {
    const genreIds = [uuidOf('genre', 'house')];
    for (const name of range(0, 99))
      service.track(name, { by: `artist ${name % 20}`, genreIds: name % 2 ? genreIds : [] });
    const { edges, empty } = await radio(idOf('track', 1), { first: 60 });
    expect(empty).toBeNull();
    const reasons = new Set(edges.map(({ recommendation: { reason } }) => reason));
    expect(reasons).toEqual(new Set(['SAME_ARTIST', 'SOUNDS_ALIKE', 'POPULAR']));
  });

  it('says why there is nothing', async () => {
    const empty = async (seed: string) => (await radio(seed)).empty?.code;
    expect(await empty(idOf('track', 'unknown'))).toBe('UNKNOWN_SEED');
    expect(await empty(idOf('artist', 'unknown'))).toBe('UNKNOWN_SEED');
    service.track('gone', { withdrawn: true });
    expect(await empty(idOf('track', 'gone'))).toBe('UNKNOWN_SEED');
    service.track('lonely', { by: 'nobody else' });
    expect(await empty(idOf('track', 'lonely'))).toBe('NOTHING_ALIKE');
    service.track('lonely', { by: 'nobody else', withdrawn: true });
    service.track('far', { markets: new Set(['US']) });
    expect(await empty(idOf('track', 'far'))).toBe('NOT_IN_MARKET');
    service.track('near', { by: 'bob' });
    expect(await empty(idOf('track', 'far'))).toBeUndefined();
    const page = await radio(idOf('track', 'unknown'));
    expect(page).toMatchObject({ edges: [], pageInfo: { hasNextPage: false, endCursor: null } });
    ask = (text, variables) => service.ask(text, variables as Record<string, unknown>);
    expect(await empty(idOf('track', 'far'))).toBe('MARKET_UNKNOWN');
  });

  it('leaves out explicit tracks where the viewer wants none', async () => {
    service.track('seed', { explicit: true });
    expect(
      (await radio(idOf('track', 'seed'), { ask: service.signIn('ann', { explicit: false }).ask as Asker }))
        .empty?.code,
    ).toBe('EXPLICIT_BLOCKED');
    for (const name of range(1, 40))
      service.track(name, { by: `artist ${name % 9}`, explicit: name % 2 === 0 });
    service.alike('seed', range(1, 40));
    const heard = await listen(idOf('track', 'seed'), 2, {
      first: 10,
      ask: service.signIn('ann', { explicit: false }).ask as Asker,
    });
    expect(heard).toHaveLength(20);
    for (const id of heard) expect(trackIds(range(1, 40).filter((name) => name % 2 === 1))).toContain(id);
  });

  it('drops from a page that is asked for again what may no longer be played', async () => {
    fillCatalog(100, 20);
    const first = await radio(idOf('track', 0));
    const next = await radio(idOf('track', 0), { after: first.pageInfo.endCursor });
    const gone = idsOf(next)[2] as string;
    const name = range(0, 99).find((number) => idOf('track', number) === gone) as number;
    service.track(name, { withdrawn: true });
    const again = await radio(idOf('track', 0), { after: first.pageInfo.endCursor });
    expect(idsOf(again)).toEqual(idsOf(next).filter((id) => id !== gone));
    expect(again.pageInfo.endCursor).toBe(next.pageInfo.endCursor);
  });

  it('plays on when its seed is taken down meanwhile', async () => {
    fillCatalog(200, 20);
    const { pageInfo } = await radio(idOf('track', 0));
    service.track(0, { withdrawn: true });
    expect(idsOf(await radio(idOf('track', 0), { after: pageInfo.endCursor }))).toHaveLength(10);
  });

  it('refuses seeds, sizes and cursors that are no good', async () => {
    fillCatalog(60, 10);
    const { pageInfo } = await radio(idOf('track', 0));
    const after = pageInfo.endCursor;
    for (const variables of [
      { seed: 'rubbish', first: 10 },
      { seed: '', first: 10 },
      { seed: `track_${'x'.repeat(500)}`, first: 10 },
      { seed: idOf('album', 'x'), first: 10 },
      { seed: idOf('user', 'x'), first: 10 },
      { seed: idOf('track', 0), first: 0 },
      { seed: idOf('track', 0), first: 101 },
      { seed: idOf('track', 0), first: 10, after: 'rubbish' },
      { seed: idOf('track', 1), first: 10, after },
    ]) {
      const { data, errors } = await service.asAnonymous<{ radio: null }>(query, variables);
      expect(errors?.[0]?.extensions.code, JSON.stringify(variables)).toBe('BAD_USER_INPUT');
      expect(data.radio).toBeNull();
    }
    const another = await service.signIn('ann').ask(query, { seed: idOf('track', 0), first: 10, after });
    expect(another.errors?.[0]?.extensions.code).toBe('BAD_USER_INPUT');
  });
});

describe('radio, as its listener reacts', () => {
  /** How often an artist comes in the next page of fifty, over some radios, after these plays. */
  async function shareOf(artist: string, plays: readonly ReturnType<typeof recentPlay>[]): Promise<number> {
    const listener = service.signIn('ann');
    const by = uuidOf('artist', artist);
    let [count, all] = [0, 0];
    for (const _ of range(1, 12)) {
      listener.likes({ recent: [] });
      const asker = listener.ask as Asker;
      const { pageInfo } = await radio(idOf('track', 0), { first: 1, ask: asker });
      listener.likes({ recent: plays });
      const heard = idsOf(
        await radio(idOf('track', 0), { first: 10, after: pageInfo.endCursor, ask: asker }),
      );
      const own = new Set(
        [...service.facts.tracks.values()]
          .filter(({ artistIds }) => artistIds.includes(by))
          .map(({ title }) => idOf('track', title.replace('Track ', ''))),
      );
      count += heard.filter((id) => own.has(id)).length;
      all += heard.length;
    }
    return count / all;
  }

  it('plays less of an artist who was skipped, and more of one who was heard', async () => {
    fillCatalog(200, 16);
    // Nothing but their artist tells what they have to do with the radio.
    for (const name of ['one', 'other']) service.track(name, { by: 'artist 3', popularity: 0 });
    const plays = (signal: number) => ['one', 'other'].map((name) => recentPlay(name, 0, { signal }));
    const before = await shareOf('artist 3', []);
    const skipped = await shareOf('artist 3', plays(-1));
    const heard = await shareOf('artist 3', plays(1));
    expect(before).toBeGreaterThan(0.03);
    expect(skipped).toBeLessThan(before / 3);
    expect(heard).toBeGreaterThan(before * 1.2);
  });

  it('says that a track is there for what was just played', async () => {
    fillCatalog(300, 40);
    const listener = service.signIn('ann');
    listener.likes({ recent: [recentPlay(200, 0)] });
    const { edges } = await radio(idOf('track', 0), { first: 20, ask: listener.ask as Asker });
    const live = edges.filter(({ recommendation: { source } }) => source === 'LIVE');
    expect(live.length).toBeGreaterThan(2);
    const pulled = live.find(({ recommendation: { because } }) => because?.id === idOf('track', 200));
    expect(pulled?.recommendation.message).toBe('Because you listened to Track 200');
  });

  it('never plays what was skipped, nor what was played in the last twelve hours', async () => {
    fillCatalog(60, 12);
    const listener = service.signIn('ann');
    listener.likes({
      recent: [
        recentPlay(1, 5, { signal: -0.8 }),
        recentPlay(2, 11 * 60),
        recentPlay(3, 13 * 60),
        recentPlay(4, 90 * 24 * 60, { signal: -0.6 }),
      ],
    });
    const heard = await listen(idOf('track', 0), 5, { first: 11, ask: listener.ask as Asker });
    expect(heard).toHaveLength(55);
    for (const name of [1, 4]) expect(heard).not.toContain(idOf('track', name));
    // There are 56 that may come before anything is repeated.
    expect(heard).not.toContain(idOf('track', 2));
    expect(heard).toContain(idOf('track', 3));
  });
});

describe('radio, while stores are away', () => {
  it('plays for somebody whose profile cannot be read, and waits not long for it', async () => {
    for (const find of [() => Promise.reject(new Error('away')), () => new Promise<never>(() => {})]) {
      service = await openRecommendations({ profiles: { find } });
      fillCatalog(100, 20);
      const began = performance.now();
      const page = await radio(idOf('track', 0), { ask: service.signIn('ann').ask as Asker });
      expect(idsOf(page)).toHaveLength(10);
      expect(performance.now() - began).toBeLessThan(1_000);
    }
  });

  it('asks nobody about those who are not signed in', async () => {
    const never = () => {
      throw new Error('asked');
    };
    service = await openRecommendations({
      profiles: { find: never },
      history: { page: never, countsByTrack: never },
      library: { find: never },
      mixes: { findByIds: never, findOfUser: never },
    });
    fillCatalog(100, 20);
    expect(await listen(idOf('track', 0), 3)).toHaveLength(30);
  });

  it('plays on when what it served is forgotten, or cannot be kept', async () => {
    const sessions = { find: async () => null, append: () => Promise.reject(new Error('away')) };
    service = await openRecommendations({ radioSessions: sessions });
    fillCatalog(300, 40);
    const heard = await listen(idOf('track', 0), 5);
    expect(heard).toHaveLength(50);
    expect(new Set(heard).size).toBeGreaterThan(25);
    expect(service.world.now).toBe(now.getTime());
  });

  it('tells that it is out of order when nothing is known of the catalog', async () => {
    fillCatalog(10, 5);
    const gone = Object.assign(new Error('connect ECONNREFUSED 10.0.0.1:5432'), { code: 'ECONNREFUSED' });
    service.facts.findTracks = () => Promise.reject(gone);
    service = await openRecommendations({
      facts: { ...service.facts, findTracks: () => Promise.reject(gone) },
    });
    const { data, errors } = await service.asAnonymous<{ radio: null }>(query, {
      seed: idOf('track', 0),
      first: 5,
    });
    expect(data.radio).toBeNull();
    expect(errors?.[0]?.extensions.code).toBe('UPSTREAM_UNAVAILABLE');
    expect(errors?.[0]?.message).not.toContain('10.0.0.1');
  });
});
