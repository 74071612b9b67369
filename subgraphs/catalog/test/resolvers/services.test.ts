import type { Actor } from '@medley/identity';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type OpenCatalog, openCatalog, publicId } from '../open-catalog.ts';

const service = { actor: { kind: 'service', id: 'streaming' } } as const;

describe('what the catalog tells services', () => {
  let catalog: OpenCatalog;
  beforeAll(async () => {
    catalog = await openCatalog();
    await catalog.rows.albums({ name: 'Soon', released: '2027-03-01', precision: 'MONTH' });
    await catalog.rows.tracks(
      { name: 'Blue', album: 'Soon', values: { isrc: 'DEA000000001' } },
      { name: 'Blue again', markets: ['FR'], values: { isrc: 'DEA000000001' } },
    );
    for (const n of [1, 2, 3]) {
      const data = { title: `Version ${n}`, deep: { n } };
      await catalog.prisma.outbox.create({
        data: { key: publicId('track', 'Blue'), type: 'TrackChanged', version: n, data },
      });
    }
  });
  afterAll(() => catalog?.close());

  const facts = '{ id withdrawn releasedAt availableMarkets explicit durationMs encodings version }';

  it('are the facts for a decision, in the order of the ids, with alternatives', async () => {
    const { data, errors } = await catalog.ask(
      `query ($ids: [ID!]!) { trackPlaybackFacts(ids: $ids) {
        id withdrawn releasedAt availableMarkets explicit durationMs encodings version
        alternatives ${facts}
      } }`,
      { ids: [publicId('track', 'nobody knows'), publicId('track', 'Blue')] },
      service,
    );
    expect(errors).toBeUndefined();
    const ordinary = {
      withdrawn: false,
      explicit: false,
      durationMs: 200_000,
      encodings: ['LOW', 'MEDIUM', 'NORMAL', 'HIGH', 'LOSSLESS'],
      version: 1,
    };
    expect(data).toEqual({
      trackPlaybackFacts: [
        null,
        {
          ...ordinary,
          id: publicId('track', 'Blue'),
          releasedAt: '2027-03-01T00:00:00.000Z',
          availableMarkets: ['DE', 'US'],
          alternatives: [
            { ...ordinary, id: publicId('track', 'Blue again'), releasedAt: null, availableMarkets: ['FR'] },
          ],
        },
      ],
    });
  });

  it('are facts of many tracks by one statement', async () => {
    const query = (count: number) =>
      `{ ${Array.from({ length: count }, (_, n) => `f${n}: trackPlaybackFacts(ids: ["${publicId('track', `t${n}`)}"]) { id }`).join(' ')} }`;
    const before = catalog.database.statements.count();
    await catalog.ask(query(20), {}, service);
    expect(catalog.database.statements.count() - before).toBe(1);
  });

  it('are the changes after a change, in order', async () => {
    const changes = async (id: string, first = 500) => {
      const { data } = await catalog.ask<{
        catalogChangesSince: { id: string; version: number; data: string }[];
      }>(
        'query ($id: ID!, $first: Int!) { catalogChangesSince(id: $id, first: $first) { id key type version time data } }',
        { id, first },
        service,
      );
      return data.catalogChangesSince;
    };
    const all = await changes('0');
    expect(all.map(({ version }) => version)).toEqual([1, 2, 3]);
    expect(all[0]).toMatchObject({ key: publicId('track', 'Blue'), type: 'TrackChanged' });
    expect(JSON.parse(all[0]?.data ?? '')).toEqual({ title: 'Version 1', deep: { n: 1 } });
    expect(await changes(String(all[0]?.id), 1)).toEqual([all[1]]);
    expect(await changes(String(all[2]?.id))).toEqual([]);
  });

  it.each([['{ trackPlaybackFacts(ids: []) { id } }'], ['{ catalogChangesSince(id: "0") { id } }']])(
    'are refused to everybody else: %s',
    async (query) => {
      const viewer: Actor = { kind: 'viewer', id: 'user_1', sessionId: 's', scopes: ['admin'] };
      for (const actor of [undefined, viewer]) {
        const { errors } = await catalog.ask(query, {}, actor && { actor });
        expect(errors?.[0]?.extensions.code).toBe('FORBIDDEN');
      }
    },
  );

  it.each([
    ['{ trackPlaybackFacts(ids: ["x"]) { id } }', /^ids: /],
    [
      `{ trackPlaybackFacts(ids: ${JSON.stringify(Array(1_001).fill('x'))}) { id } }`,
      /at most 1000 ids, got 1001/,
    ],
    ['{ catalogChangesSince(id: "x") { id } }', /^id must be the id of a change or 0, got "x"/],
    ['{ catalogChangesSince(id: "-1") { id } }', /^id must be the id of a change/],
    ['{ catalogChangesSince(id: "0", first: 1001) { id } }', /^first must be 1..1000, got 1001/],
  ])('are not given for %s', async (query, message) => {
    const { errors } = await catalog.ask(query, {}, service);
    expect(errors?.[0]?.extensions.code).toBe('BAD_USER_INPUT');
    expect(errors?.[0]?.message).toMatch(message);
  });
});
