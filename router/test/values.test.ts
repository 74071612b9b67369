import { buildApiSchema, readOperations } from '@medley/schema';
import { parse, validate } from 'graphql';
import { describe, expect, it } from 'vitest';
import { defaultLimits } from '../src/app.ts';
import { estimateCost } from '../src/limits/cost.ts';
import { ask, openTestRouter } from './stub-subgraphs.ts';

const { stubs, router } = await openTestRouter();

const repeat = (count: number, make: (index: number) => string) =>
  Array.from({ length: count }, (_, i) => make(i)).join(' ');

describe('values', () => {
  const schema = buildApiSchema();
  const estimate = (source: string, variables: Record<string, unknown> = {}) => {
    const document = parse(source);
    expect(validate(schema, document)).toEqual([]);
    const operation = document.definitions.find(({ kind }) => kind === 'OperationDefinition');
    return estimateCost(schema, document, operation as never, variables);
  };
  const values = (source: string, variables?: Record<string, unknown>) => estimate(source, variables).values;
  const hundredIds = Array.from({ length: 100 }, (_, i) => `track_${String(i).padStart(26, '0')}`);

  it.each([
    ['long lists under aliases', (i: number) => `a${i}: availableMarkets`, 245_010_201],
    ['decisions under aliases', (i: number) => `a${i}: playbackUrl(quality: LOW) { __typename }`, 10_790_201],
    ['__typename under aliases', (i: number) => `a${i}: __typename`, 990_201],
  ])('may not be %s, and nothing runs', async (_, field, requested) => {
    const query = `{ artists(first: 100) { nodes { topTracks(first: 100) { nodes { ${repeat(98, field)} } } } } }`;
    for (const requests of Object.values(stubs.requests)) requests.length = 0;
    const { status, errors } = await ask(router, query);
    expect(status).toBe(400);
    expect(errors).toMatchObject([
      {
        message: expect.stringContaining(`up to ${requested} values, at most 50000 are allowed`),
        extensions: { code: 'COST_EXCEEDED', limit: 50_000, requested },
      },
    ]);
    expect(Object.values(stubs.requests).flat()).toEqual([]);
    // The second time it has been parsed and validated before; a second of work would show.
    const before = process.cpuUsage();
    await ask(router, query);
    expect(process.cpuUsage(before).user / 1_000).toBeLessThan(100);
  });

  it.each([
    ['a field as one', '{ me { email tier } }', 3],
    ['each alias', '{ me { a: email b: email } }', 3],
    ['fields as often as the list above is long', '{ genres(first: 7) { nodes { name slug } } }', 1 + 7 * 3],
    ['a missing size as the largest page', '{ genres { nodes { name } } }', 1 + 100 * 2],
    ['a list of texts as 250', '{ track(id: 1) { availableMarkets } }', 251],
    [
      'a list of objects without a size as 5',
      '{ track(id: 1) { artists { name popularity } } }',
      1 + 1 + 5 * 2,
    ],
    [
      'playability and playbackUrl as 10',
      '{ track(id: 1) { playability { code } playbackUrl(quality: LOW) { __typename } } }',
      1 + 11 + 11,
    ],
    [
      "analysts' points as 1,000, and their groups as 200",
      `{ playSeries(from: "2026-01-01T00:00:00Z", every: DAY) { points { at } }
         playbackQuality(from: "2026-01-01T00:00:00Z") { groups { starts } } }`,
      1 + 1 + 1_000 + 1 + 1 + 200,
    ],
    ['monthlyListeners as 500', '{ artist(id: 1) { stats { monthlyListeners { estimate } } } }', 1 + 1 + 501],
    ['nothing of what is skipped', '{ me { email @skip(if: true) tier } }', 2],
    ['what is in fragments', '{ me { ...F ...F } } fragment F on Viewer { email tier }', 5],
  ])('count %s', (_, source, expected) => {
    expect(values(source)).toBe(expected);
  });

  it.each(readOperations().map(({ name, source }) => [name, source]))(
    'leave room for %s, 50 at a time',
    (_, source) => {
      const cost = estimate(source, { first: 50, ids: hundredIds });
      expect(cost.values).toBeLessThanOrEqual(defaultLimits.values / 2);
      expect(cost.listItems).toBeLessThanOrEqual(defaultLimits.listItems);
    },
  );

  const perQuality = repeat(5, (i) => `q${i}: playbackUrl(quality: LOW) { __typename }`);
  it.each([
    ['100 tracks in each quality', `query ($ids: [ID!]!) { tracks(ids: $ids) { ${perQuality} } }`],
    [
      '100 tracks in each quality, as nodes',
      `query ($ids: [ID!]!) { nodes(ids: $ids) { ... on Track { ${perQuality} } } }`,
    ],
    [
      '75 decisions at the root',
      `{ ${repeat(75, (i) => `a${i}: playbackUrl(trackId: "${hundredIds[i]}", quality: LOW) { __typename ... on PlaybackGrant { url grantedQuality } }`)} }`,
    ],
    [
      '50 albums with artists and 20 tracks each, with theirs',
      `{ newReleases(first: 50) { nodes {
           id title type releaseDate { value } artists { id name } cover(size: MEDIUM) { url }
           tracks(first: 20) { nodes { id title durationMs trackNumber explicit artists { id name } } pageInfo { hasNextPage endCursor } }
         } } }`,
    ],
    [
      'a playlist of 100 tracks with artists, album and playability',
      `query ($ids: [ID!]!) { tracks(ids: $ids) {
         id title durationMs explicit artists { id name } album { id title cover(size: SMALL) { url } }
         playability { playable maxQuality code message }
       } }`,
    ],
    ['the markets of 100 tracks', 'query ($ids: [ID!]!) { tracks(ids: $ids) { id title availableMarkets } }'],
  ])('leave room for %s', (_, source) => {
    expect(values(source, { ids: hundredIds })).toBeLessThanOrEqual(defaultLimits.values);
  });
});
