import { beforeEach, describe, expect, it } from 'vitest';
import { idOf, openRecommendations, type Recommendations, trackIds } from './recommendations-under-test.ts';

let service: Recommendations;
let ann: ReturnType<Recommendations['signIn']>;
beforeEach(async () => {
  service = await openRecommendations();
  ann = service.signIn('ann');
  for (const name of range(1, 60)) service.track(name, { by: `artist ${name}` });
});
const range = (from: number, to: number) => Array.from({ length: to - from + 1 }, (_, index) => from + index);

interface MixAnswer {
  id: string;
  tracks: {
    edges: {
      node: { id: string };
      recommendation: { reason: string; source: string; asOf: string; message: string };
    }[];
    pageInfo: { hasNextPage: boolean; endCursor: string | null };
  };
}
const fields = `id kind title description madeAt fixedUntil artists { id }
  tracks(first: $first, after: $after) { edges { node { id } recommendation { reason source asOf message model { version } } } pageInfo { hasNextPage endCursor } }`;
const entity = `query ($id: ID!, $first: Int! = 100, $after: String) {
  _entities(representations: [{ __typename: "Mix", id: $id }]) { ... on Mix { ${fields} } } }`;

async function readMix(name: string, who = ann, variables = {}): Promise<MixAnswer | null> {
  const { data, errors } = await who.ask<{ _entities: [MixAnswer | null] }>(entity, {
    id: idOf('mix', name),
    ...variables,
  });
  expect(errors).toBeUndefined();
  return data._entities[0];
}

describe('mixes', () => {
  it('are those that are fixed at the moment: Discover Weekly first, then the daily ones', async () => {
    service.mix('ann', [1], { kind: 'DAILY_MIX', slot: 2 });
    service.mix('ann', [1], { kind: 'DAILY_MIX', slot: 1 });
    service.mix('ann', [1]);
    service.mix('ann', [1], { madeAt: new Date('2026-11-24T00:00:00.000Z') });
    service.mix('bob', [1]);
    const { me } = await ann.me<{ mixes: { id: string }[] }>('mixes { id }');
    expect(me.mixes.map(({ id }) => id)).toEqual(
      ['ann 2', 'ann 1', 'ann 0'].map((name) => idOf('mix', name)),
    );
    expect(service.madeFor).toEqual([ann.userId]);
  });

  it('are there although those that are missing cannot be made', async () => {
    service = await openRecommendations({ mixMaker: { makeIfDue: () => Promise.reject(new Error('away')) } });
    ann = service.signIn('ann');
    service.mix('ann', [1]);
    const { me } = await ann.me<{ mixes: object[] }>('mixes { id }');
    expect(me.mixes).toHaveLength(1);
  });

  it('are null while they cannot be told', async () => {
    const away = () => Promise.reject(new Error('10.0.0.1'));
    service = await openRecommendations({ mixes: { findByIds: away, findOfUser: away } });
    ann = service.signIn('ann');
    const { me, errors } = await ann.me<{ mixes: null; top: object }>('mixes { id } top { from }');
    expect(me).toMatchObject({ mixes: null, top: {} });
    expect(JSON.stringify(errors)).not.toContain('10.0.0.1');
  });
});

describe('a mix', () => {
  it('tells what it is, what it holds, and why', async () => {
    service.mix('ann', [3, 1, 2], {
      artistIds: [service.artist('bob').id],
      tracks: [3, 1, 2].map((name) => ({
        trackId: service.track(name).id,
        reason: name === 1 ? 'POPULAR' : 'SAME_ARTIST',
        because: name === 2 ? { kind: 'ARTIST', id: service.artist('bob').id } : null,
      })),
    });
    const mix = await readMix('ann 0');
    expect(mix).toMatchObject({
      id: idOf('mix', 'ann 0'),
      kind: 'DISCOVER_WEEKLY',
      title: 'Discover Weekly',
      madeAt: '2026-11-23T00:00:00.000Z',
      fixedUntil: '2026-11-30T00:00:00.000Z',
      artists: [{ id: idOf('artist', 'bob') }],
    });
    expect(mix?.tracks.edges.map(({ node }) => node.id)).toEqual(trackIds([3, 1, 2]));
    expect(mix?.tracks.edges.map(({ recommendation }) => recommendation.source)).toEqual([
      'BATCH',
      'POPULAR',
      'BATCH',
    ]);
    expect(mix?.tracks.edges[2]?.recommendation).toEqual({
      reason: 'SAME_ARTIST',
      source: 'BATCH',
      asOf: '2026-11-22T23:00:00.000Z',
      message: 'Also by bob',
      model: { version: '2026-11-23T04:00:00Z-3' },
    });
  });

  it('is seen by its owner and nobody else, until 28 days after it was fixed', async () => {
    service.mix('ann', [1]);
    expect(await readMix('ann 0')).not.toBeNull();
    expect(await readMix('ann 0', service.signIn('bob'))).toBeNull();
    const { data } = await service.asAnonymous<{ _entities: [null] }>(entity, { id: idOf('mix', 'ann 0') });
    expect(data._entities).toEqual([null]);
    expect(await readMix('unknown')).toBeNull();
    service.world.now = Date.parse('2026-12-27T23:59:59.000Z');
    expect(await readMix('ann 0')).not.toBeNull();
    service.world.now = Date.parse('2026-12-28T00:00:01.000Z');
    expect(await readMix('ann 0')).toBeNull();
  });

  it('shows thirty, made up from what it holds more, where some may not be played', async () => {
    service.mix('ann', range(1, 60));
    for (const name of range(1, 10)) service.track(name, { markets: new Set(['US']) });
    expect((await readMix('ann 0'))?.tracks.edges.map(({ node }) => node.id)).toEqual(
      trackIds(range(11, 40)),
    );
    const first = await readMix('ann 0', ann, { first: 25 });
    expect(first?.tracks.pageInfo.hasNextPage).toBe(true);
    const rest = await readMix('ann 0', ann, { first: 25, after: first?.tracks.pageInfo.endCursor });
    expect(rest?.tracks.edges.map(({ node }) => node.id)).toEqual(trackIds(range(36, 40)));
    expect(rest?.tracks.pageInfo.hasNextPage).toBe(false);
  });
});

describe('mixToCopy', () => {
  const query = `query ($id: ID!, $userId: ID!, $market: CountryCode, $explicit: Boolean!) {
    mixToCopy(id: $id, userId: $userId, market: $market, explicit: $explicit) { title description trackIds } }`;
  const playlists = { actor: { kind: 'service', id: 'playlists' } } as const;
  const given = { userId: idOf('user', 'ann'), market: 'DE', explicit: true };
  const id = idOf('mix', 'ann 0');

  it('tells services what a mix shows its owner', async () => {
    service.mix('ann', [1, 2, 3]);
    service.track(1, { markets: new Set(['US']) });
    service.track(2, { explicit: true });
    const copy = async (variables = {}) =>
      (await service.ask<{ mixToCopy: object | null }>(query, { ...given, id, ...variables }, playlists)).data
        .mixToCopy;
    expect(await copy()).toEqual({
      title: 'Discover Weekly',
      description: 'New to you',
      trackIds: trackIds([2, 3]),
    });
    expect(await copy({ explicit: false })).toMatchObject({ trackIds: trackIds([3]) });
    expect(await copy({ market: null })).toMatchObject({ trackIds: [] });
    expect(await copy({ userId: idOf('user', 'bob') })).toBeNull();
    expect(await copy({ id: idOf('mix', 'unknown') })).toBeNull();
    service.world.now = Date.parse('2026-12-28T00:00:01.000Z');
    expect(await copy()).toBeNull();
  });

  it('is for services only, and refuses ids that are none', async () => {
    service.mix('ann', [1]);
    const refused = await ann.ask(query, { ...given, id });
    expect(refused.errors?.[0]?.extensions.code).toBe('FORBIDDEN');
    for (const variables of [{ id: 'x' }, { id: idOf('track', 1) }, { id, userId: 'x' }]) {
      const { errors } = await service.ask(query, { ...given, ...variables }, playlists);
      expect(errors?.[0]?.extensions.code).toBe('BAD_USER_INPUT');
    }
  });
});
