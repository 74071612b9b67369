import type { Actor } from '@medley/identity';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type OpenCatalog, openCatalog, publicId } from '../open-catalog.ts';

const service = { actor: { kind: 'service', id: 'streaming' } } as const;

describe('what the catalog tells services', () => {
  let catalog: OpenCatalog;
  beforeAll(async () => {
    catalog = await openCatalog();
    await catalog.rows.genres('jazz');
    await catalog.rows.artists({ name: 'Ann', genres: ['jazz'] });
    await catalog.rows.albums({ name: 'Soon', released: '2027-03-01', precision: 'MONTH' });
    await catalog.rows.tracks(
      { name: 'Blue', album: 'Soon', artists: ['Ann'], values: { isrc: 'DEA000000001' } },
      { name: 'Gone', artists: ['Ann'], markets: ['FR'], values: { withdrawnAt: new Date('2026-01-01') } },
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

  it('are the id of the last change, to go on from', async () => {
    const { data } = await catalog.ask('{ catalogLastChange }', {}, service);
    const last = await catalog.prisma.outbox.findFirstOrThrow({ orderBy: { id: 'desc' } });
    expect(data).toEqual({ catalogLastChange: String(last.id) });
  });

  describe('of entities', () => {
    const fields =
      '{ id title artistIds artistNames albumId albumTitle genreIds releaseYear popularity explicit availableMarkets }';
    const blue = {
      id: publicId('track', 'Blue'),
      title: 'Blue',
      artistIds: [publicId('artist', 'Ann')],
      artistNames: ['Ann'],
      albumId: publicId('album', 'Soon'),
      albumTitle: 'Soon',
      genreIds: [publicId('genre', 'jazz')],
      releaseYear: 2027,
      popularity: 0,
      explicit: false,
      availableMarkets: 'DE US',
    };

    it('are those that were asked for, of all kinds, in the order of the ids', async () => {
      const { data, errors } = await catalog.ask(
        `query ($ids: [ID!]!) { catalogEntities(ids: $ids) ${fields} }`,
        {
          ids: [
            publicId('artist', 'Ann'),
            publicId('track', 'nobody knows'),
            publicId('track', 'Blue'),
            publicId('genre', 'jazz'),
            publicId('track', 'Gone'),
            publicId('album', 'Soon'),
            publicId('track', 'Blue'),
          ],
        },
        service,
      );
      expect(errors).toBeUndefined();
      const none = { artistIds: [], artistNames: [], albumId: null, albumTitle: null };
      const ann = { ...blue, ...none, id: publicId('artist', 'Ann'), title: 'Ann', releaseYear: null };
      const soon = { ...blue, ...none, id: publicId('album', 'Soon'), title: 'Soon', genreIds: [] };
      expect(data).toEqual({ catalogEntities: [ann, null, blue, null, null, soon, blue] });
    });

    it('are found by one statement for each kind', async () => {
      const ids = ['a', 'b', 'c'].flatMap((name) => [publicId('track', name), publicId('album', name)]);
      const before = catalog.database.statements.count();
      await catalog.ask('query ($ids: [ID!]!) { catalogEntities(ids: $ids) { id } }', { ids }, service);
      expect(catalog.database.statements.count() - before).toBe(2);
    });

    it('come in pages, one kind at a time', async () => {
      const page = async (kind: string, id: string | null, first: number) => {
        const { data } = await catalog.ask<{ catalogEntitiesAfter: { id: string }[] }>(
          `query ($kind: CatalogEntityKind!, $id: ID, $first: Int!) {
            catalogEntitiesAfter(kind: $kind, id: $id, first: $first) ${fields} }`,
          { kind, id, first },
          service,
        );
        return data.catalogEntitiesAfter;
      };
      const [first] = await page('TRACK', null, 1);
      const rest = await page('TRACK', first?.id as string, 10);
      expect([first, ...rest].map((entity) => entity?.id).sort()).toEqual(
        [publicId('track', 'Blue'), publicId('track', 'Blue again')].sort(),
      );
      expect([first, ...rest]).toContainEqual(blue);
      expect(await page('ALBUM', null, 10)).toMatchObject([{ id: publicId('album', 'Soon') }]);
      expect(await page('ARTIST', null, 10)).toMatchObject([{ id: publicId('artist', 'Ann') }]);
    });

    it('have dependents, in pages over all their kinds', async () => {
      const dependents = async (of: string, id: string | null = null, first = 10) => {
        const { data } = await catalog.ask<{ catalogDependents: string[] }>(
          'query ($of: ID!, $id: ID, $first: Int!) { catalogDependents(of: $of, id: $id, first: $first) }',
          { of, id, first },
          service,
        );
        return data.catalogDependents;
      };
      const [ann, soon, track] = [publicId('artist', 'Ann'), publicId('album', 'Soon'), blue.id];
      expect(await dependents(ann)).toEqual([publicId('track', 'Gone'), track].sort());
      expect(await dependents(soon)).toEqual([track]);
      expect(await dependents(track)).toEqual([soon, ann]);
      expect(await dependents(track, null, 1)).toEqual([soon]);
      expect(await dependents(track, soon, 1)).toEqual([ann]);
      expect(await dependents(track, ann, 1)).toEqual([]);
      expect(await dependents(publicId('genre', 'jazz'))).toEqual([]);
    });
  });

  it.each([
    ['{ trackPlaybackFacts(ids: []) { id } }'],
    ['{ catalogChangesSince(id: "0") { id } }'],
    ['{ catalogLastChange }'],
    ['{ catalogEntities(ids: []) { id } }'],
    ['{ catalogEntitiesAfter(kind: TRACK) { id } }'],
    [`{ catalogDependents(of: "${publicId('artist', 'Ann')}") }`],
  ])('are refused to everybody else: %s', async (query) => {
    const viewer: Actor = { kind: 'viewer', id: 'user_1', sessionId: 's', scopes: ['admin'] };
    for (const actor of [undefined, viewer]) {
      const { errors } = await catalog.ask(query, {}, actor && { actor });
      expect(errors?.[0]?.extensions.code).toBe('FORBIDDEN');
    }
  });

  it.each([
    ['{ trackPlaybackFacts(ids: ["x"]) { id } }', /^ids: /],
    [
      `{ trackPlaybackFacts(ids: ${JSON.stringify(Array(1_001).fill('x'))}) { id } }`,
      /at most 1000 ids, got 1001/,
    ],
    ['{ catalogChangesSince(id: "x") { id } }', /^id must be the id of a change or 0, got "x"/],
    ['{ catalogChangesSince(id: "-1") { id } }', /^id must be the id of a change/],
    ['{ catalogChangesSince(id: "0", first: 1001) { id } }', /^first must be 1..1000, got 1001/],
    [
      '{ catalogEntities(ids: ["x"]) { id } }',
      /^ids: expected an id of kind artist or album or track, got "x"/,
    ],
    [
      `{ catalogEntities(ids: ${JSON.stringify(Array(1_001).fill('x'))}) { id } }`,
      /at most 1000 ids, got 1001/,
    ],
    [`{ catalogEntitiesAfter(kind: ALBUM, id: "${publicId('track', 'Blue')}") { id } }`, /^id: /],
    ['{ catalogEntitiesAfter(kind: ALBUM, first: 0) { id } }', /^first must be 1..1000, got 0/],
    ['{ catalogDependents(of: "playlist_1") }', /^of: expected an id of kind/],
    [`{ catalogDependents(of: "${publicId('track', 'Blue')}", first: 1001) }`, /^first must be/],
    [
      `{ catalogDependents(of: "${publicId('album', 'Soon')}", id: "${publicId('album', 'Soon')}") }`,
      /^id: expected an id of kind track/,
    ],
  ])('are not given for %s', async (query, message) => {
    const { errors } = await catalog.ask(query, {}, service);
    expect(errors?.[0]?.extensions.code).toBe('BAD_USER_INPUT');
    expect(errors?.[0]?.message).toMatch(message);
  });
});
