import { beforeEach, describe, expect, it } from 'vitest';
import {
  idOf,
  openRecommendations,
  type Recommendations,
  trackIds,
  uuidOf,
} from './recommendations-under-test.ts';

const fields = `edges { cursor node { id } score recommendation { reason message source asOf eventLagMs
    because { __typename ... on Track { id } ... on Artist { id } } model { version method trainedAt } } }
  pageInfo { hasNextPage hasPreviousPage endCursor } empty { code message }`;
const similarTo = (
  type: 'Track' | 'Artist',
) => `query ($ids: [_Any!]!, $first: Int!, $after: String, $all: Boolean! = false) {
  _entities(representations: $ids) { ... on ${type} { id similar(first: $first, after: $after, includeUnavailable: $all) { ${fields} } } } }`;

interface Page {
  edges: {
    cursor: string;
    node: { id: string };
    score: number;
    recommendation: {
      reason: string;
      message: string;
      source: string;
      because: { __typename: string; id: string } | null;
      model: { version: string } | null;
      asOf: string;
      eventLagMs: number | null;
    };
  }[];
  pageInfo: { hasNextPage: boolean; hasPreviousPage: boolean; endCursor: string | null };
  empty: { code: string; message: string } | null;
}

let service: Recommendations;
beforeEach(async () => {
  service = await openRecommendations();
});

async function askSimilar(type: 'Track' | 'Artist', ids: readonly string[], variables = {}, as = {}) {
  const { data, errors } = await service.asAnonymous<{ _entities: ({ similar: Page | null } | null)[] }>(
    similarTo(type),
    { ids: ids.map((id) => ({ __typename: type, id })), first: 20, ...variables },
    as,
  );
  return { pages: data?._entities.map((entity) => entity?.similar as Page), errors };
}
async function similar(name: string | number, variables = {}, as = {}): Promise<Page> {
  const { pages, errors } = await askSimilar('Track', [idOf('track', name)], variables, as);
  expect(errors).toBeUndefined();
  return pages?.[0] as Page;
}
const idsOf = ({ edges }: Page) => edges.map(({ node }) => node.id);
const range = (from: number, to: number) => Array.from({ length: to - from + 1 }, (_, index) => from + index);

describe('Track.similar', () => {
  it('tells the neighbours that the model knows, the most alike first, and why', async () => {
    service.track('one', { title: 'Around the World' });
    for (const name of ['two', 'three']) service.track(name, { by: 'bob' });
    service.alike('one', ['two', 'three']);
    const { edges, empty } = await similar('one');
    expect(edges.slice(0, 2).map(({ node }) => node.id)).toEqual(trackIds(['two', 'three']));
    expect(edges[0]).toMatchObject({
      score: 1,
      recommendation: {
        reason: 'LISTENED_TOGETHER',
        message: 'Listeners of Around the World like it',
        source: 'BATCH',
        because: { __typename: 'Track', id: idOf('track', 'one') },
        model: { version: '2026-11-23T04:00:00Z-3' },
        asOf: '2026-11-23T04:10:00.000Z',
        eventLagMs: 12,
      },
    });
    expect(empty).toBeNull();
  });

  it('leaves out what the market may not play, what is withdrawn, and explicit ones where none are wanted', async () => {
    service.track('seed');
    for (const name of range(1, 6)) service.track(name, { by: 'bob' });
    service.track(1, { by: 'bob', markets: new Set(['US']) });
    service.track(2, { by: 'bob', explicit: true });
    service.track(3, { by: 'bob', withdrawn: true });
    service.alike('seed', [1, 2, 3, 4, 5, 6]);
    expect(idsOf(await similar('seed', {}, { explicit: false }))).toEqual(trackIds([4, 5, 6]));
    expect(idsOf(await similar('seed', {}, { explicit: true }))).toEqual(trackIds([2, 4, 5, 6]));
    expect(idsOf(await similar('seed', {}, { market: 'US' }))).toEqual(trackIds([1, 2, 4, 5, 6]));
  });

  it('tells what the market may not play where that is asked for, but nothing explicit that is not wanted', async () => {
    service.track('seed');
    service.track(1, { by: 'bob', markets: new Set() });
    service.track(2, { by: 'bob', explicit: true });
    service.alike('seed', [1, 2]);
    expect(idsOf(await similar('seed', { all: true }, { explicit: false }))).toEqual(trackIds([1]));
    expect(idsOf(await similar('seed', { all: true }, { market: null }))).toEqual(trackIds([1, 2]));
  });

  it('fills a page from further down where much may not be played', async () => {
    service.track('seed');
    for (const name of range(1, 100))
      service.track(name, { by: 'bob', markets: new Set(name % 10 ? ['US'] : ['DE']) });
    service.alike('seed', range(1, 100));
    const page = await similar('seed', { first: 10 });
    expect(idsOf(page)).toEqual(trackIds(range(1, 10).map((tenth) => tenth * 10)));
  });

  it('goes on page by page, each track once, to the end', async () => {
    service.track('seed');
    for (const name of range(1, 45))
      service.track(name, { by: 'bob', markets: new Set(name % 3 ? ['DE'] : ['US']) });
    service.alike('seed', range(1, 45));
    const found: string[] = [];
    let after: string | null = null;
    let page: Page;
    do {
      page = await similar('seed', { first: 7, after });
      expect(page.pageInfo.hasPreviousPage).toBe(after !== null);
      found.push(...idsOf(page));
      after = page.pageInfo.endCursor;
    } while (page.pageInfo.hasNextPage);
    expect(found).toEqual(trackIds(range(1, 45).filter((name) => name % 3)));
    const scores = (await similar('seed', { first: 100 })).edges.map(({ score }) => score);
    expect(scores).toEqual(scores.toSorted((one, other) => other - one));
  });

  it('finds the same for a track whatever else is asked for with it', async () => {
    const [house, techno] = [uuidOf('genre', 'house'), uuidOf('genre', 'techno')];
    service.track('seed', { genreIds: [house], popularity: 0 });
    service.track('alike', { by: 'bob', genreIds: [house], popularity: 1 });
    for (let number = 0; number < 1_000; number += 1)
      service.track(number, { by: 'cleo', genreIds: [techno], popularity: 90 });
    const alone = await similar('seed', { first: 1 });
    const { pages } = await askSimilar('Track', [idOf('track', 'seed'), idOf('track', 7)], { first: 1 });
    expect(idsOf(alone)).toEqual([idOf('track', 'alike')]);
    expect(idsOf(pages?.[0] as Page)).toEqual([idOf('track', 'alike')]);
  });

  it('knows what sounds alike, and the same artist, where the model knows nothing', async () => {
    const genreIds = [uuidOf('genre', 'house')];
    service.track('seed', { genreIds });
    service.track('alike', { by: 'bob', genreIds });
    service.track('other', { by: 'cleo' });
    service.track('hers');
    const { edges } = await similar('seed');
    expect(
      edges.map(({ node, recommendation: { reason, source, model } }) => [node.id, reason, source, model]),
    ).toEqual([
      [idOf('track', 'alike'), 'SOUNDS_ALIKE', 'POPULAR', null],
      [idOf('track', 'hers'), 'SAME_ARTIST', 'POPULAR', null],
      [idOf('track', 'other'), 'POPULAR', 'POPULAR', null],
    ]);
    expect(edges.map(({ recommendation: { message } }) => message)).toEqual([
      'Sounds like Track seed',
      'Also by ann',
      'Popular where you are',
    ]);
  });

  it('says why there is nothing', async () => {
    service.track('lonely');
    service.track('gone', { withdrawn: true });
    const codes = async (name: string, as = {}) => (await similar(name, {}, as)).empty?.code;
    expect(await codes('unknown')).toBe('UNKNOWN_SEED');
    expect(await codes('gone')).toBe('UNKNOWN_SEED');
    expect(await codes('lonely')).toBe('NOTHING_ALIKE');
    expect(await codes('lonely', { market: null })).toBe('MARKET_UNKNOWN');
    service.track('far', { by: 'bob', markets: new Set(['US']) });
    service.alike('lonely', ['far']);
    expect(await codes('lonely')).toBe('NOT_IN_MARKET');
    service.track('far', { by: 'bob', explicit: true });
    expect(await codes('lonely', { explicit: false })).toBe('EXPLICIT_BLOCKED');
    expect(await codes('lonely', { explicit: true })).toBeUndefined();
  });

  it('asks the stores for a page of fifty tracks as often as for one', async () => {
    for (const name of range(1, 150))
      service.track(name, { by: `artist ${name % 30}`, genreIds: [uuidOf('genre', name % 5)] });
    for (const name of range(1, 50)) service.alike(name, range(51, 51 + name));
    const { pages } = await askSimilar('Track', trackIds(range(1, 50)), { first: 20 });
    expect(pages?.every(({ edges }) => edges.length >= 2)).toBe(true);
    expect(service.models.calls.get('neighbours')).toBe(1);
    const asked = [...service.facts.calls.values()].reduce((sum, count) => sum + count, 0);
    expect(asked).toBeLessThanOrEqual(10);
  });

  it('refuses sizes and cursors that are no good, and costs nobody else anything', async () => {
    service.track('seed');
    for (const first of [0, -1, 101]) {
      const { errors, pages } = await askSimilar('Track', [idOf('track', 'seed')], { first });
      expect(errors?.[0]?.extensions.code).toBe('BAD_USER_INPUT');
      expect(pages).toEqual([null]);
    }
    for (const name of range(1, 5)) service.track(name, { by: 'bob' });
    service.alike('seed', range(1, 5));
    service.track('twin');
    const { pageInfo } = await similar('seed', { first: 2 });
    const cursor = pageInfo.endCursor as string;
    for (const [name, after, all] of [
      ['seed', 'x', false],
      ['seed', `${cursor.slice(0, -2)}AA`, false],
      ['twin', cursor, false],
      ['seed', cursor, true],
    ] as const) {
      const { errors } = await askSimilar('Track', [idOf('track', name)], { after, all });
      expect(errors?.[0]?.extensions.code).toBe('BAD_USER_INPUT');
    }
    const { pages } = await askSimilar('Track', ['track_rubbish', idOf('track', 'seed')]);
    expect(pages?.[0]).toBeUndefined();
    expect(pages?.[1]?.edges.length).toBeGreaterThan(0);
  });
});

describe('Artist.similar', () => {
  const askArtist = async (name: string, variables = {}, as = {}) => {
    const { pages, errors } = await askSimilar('Artist', [idOf('artist', name)], variables, as);
    expect(errors).toBeUndefined();
    return pages?.[0] as Page;
  };

  it('tells the neighbours that the model knows, but none of whom nothing may be played', async () => {
    service.track(1, { by: 'ann' });
    service.track(2, { by: 'bob' });
    service.track(3, { by: 'cleo', markets: new Set(['US']) });
    service.track(4, { by: 'dora', explicit: true });
    service.artist('erna');
    service.alike('ann', ['cleo', 'bob', 'dora', 'erna'], 'ARTIST');
    expect(idsOf(await askArtist('ann'))).toEqual([idOf('artist', 'bob'), idOf('artist', 'dora')]);
    expect(idsOf(await askArtist('ann', {}, { explicit: false }))).toEqual([idOf('artist', 'bob')]);
    expect(idsOf(await askArtist('ann', { all: true }))).toHaveLength(3);
    const { edges } = await askArtist('ann');
    expect(edges[0]?.recommendation).toMatchObject({
      reason: 'LISTENED_TOGETHER',
      because: { __typename: 'Artist', id: idOf('artist', 'ann') },
      message: 'Listeners of ann like it',
    });
  });

  it('finds the one track that may be played behind many that may not', async () => {
    service.track('ann 1');
    for (const name of range(1, 40))
      service.track(`bob ${name}`, {
        by: 'bob',
        popularity: 50 - name,
        markets: new Set(name === 40 ? ['DE'] : ['US']),
      });
    service.alike('ann', ['bob'], 'ARTIST');
    expect(idsOf(await askArtist('ann'))).toEqual([idOf('artist', 'bob')]);
  });

  it('knows those of the same genres where the model knows none, the more they share the better', async () => {
    const [house, techno] = [uuidOf('genre', 'house'), uuidOf('genre', 'techno')];
    service.track('a', { by: 'ann', genreIds: [house] });
    service.track('b', { by: 'bob', genreIds: [house] });
    service.track('c', { by: 'cleo', genreIds: [techno] });
    service.track('d', { by: 'dora', genreIds: [uuidOf('genre', 'folk')] });
    service.artist('ann', { genreIds: [house, techno] });
    service.artist('bob', { genreIds: [house, techno] });
    service.artist('cleo', { genreIds: [techno] });
    const { edges } = await askArtist('ann');
    expect(edges.map(({ node, recommendation: { reason } }) => [node.id, reason])).toEqual([
      [idOf('artist', 'bob'), 'SOUNDS_ALIKE'],
      [idOf('artist', 'cleo'), 'SOUNDS_ALIKE'],
    ]);
  });

  it('says why there is nothing', async () => {
    service.track(1, { by: 'ann' });
    expect((await askArtist('nobody')).empty?.code).toBe('UNKNOWN_SEED');
    expect((await askArtist('ann')).empty?.code).toBe('NOTHING_ALIKE');
    expect((await askArtist('ann', {}, { market: null })).empty?.code).toBe('MARKET_UNKNOWN');
    service.track(2, { by: 'bob', markets: new Set(['US']) });
    service.alike('ann', ['bob'], 'ARTIST');
    expect((await askArtist('ann')).empty?.code).toBe('NOT_IN_MARKET');
  });
});
