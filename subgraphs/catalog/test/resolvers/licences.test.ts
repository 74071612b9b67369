import type { Actor } from '@medley/identity';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type OpenCatalog, openCatalog, publicId } from '../open-catalog.ts';

const viewer = (...scopes: string[]): Actor => ({ kind: 'viewer', id: 'user_1', sessionId: 's', scopes });
const owner = { actor: viewer('catalog:write') };
const service = { actor: { kind: 'service', id: 'streaming' } } as const;

interface Payload {
  track: Record<string, unknown> | null;
  userErrors: { field: string[]; code: string; message: string }[];
}

describe('licences of tracks', () => {
  let catalog: OpenCatalog;
  const blue = publicId('track', 'Blue');
  beforeAll(async () => {
    catalog = await openCatalog();
  });
  afterAll(() => catalog?.close());
  beforeEach(async () => {
    await catalog.rows.clear();
    await catalog.rows.artists({ name: 'Ann' });
    await catalog.rows.tracks(
      { name: 'Blue', artists: ['Ann'] },
      { name: 'Rude', values: { explicit: true } },
      { name: 'Red' },
    );
  });

  /** Runs a mutation with its input. */
  async function decide(name: string, input: Record<string, unknown>, as: { actor?: Actor } = owner) {
    const type = `${name[0]?.toUpperCase()}${name.slice(1)}Input!`;
    const { data, errors } = await catalog.ask<Record<string, Payload>>(
      `mutation ($input: ${type}) { ${name}(input: $input) {
        track { id title explicit isrc availableMarkets artists { name } licensing(market: "DE") { licensed withdrawn } }
        userErrors { field code message }
      } }`,
      { input },
      as,
    );
    return { payload: data?.[name], error: errors?.[0] };
  }
  const setWindows = (track: string, ...windows: Record<string, unknown>[]) =>
    decide('trackLicenceWindowsSet', { trackId: publicId('track', track), windows });

  describe('are decided by the owners of rights', () => {
    it('who correct a track', async () => {
      const { payload } = await decide('trackUpdate', { trackId: blue, title: ' Bluer ', explicit: true });
      expect(payload).toEqual({
        track: {
          id: blue,
          title: 'Bluer',
          explicit: true,
          isrc: null,
          availableMarkets: ['DE', 'US'],
          artists: [{ name: 'Ann' }],
          licensing: { licensed: true, withdrawn: false },
        },
        userErrors: [],
      });
    });

    it('who take it down and put it back', async () => {
      const down = await decide('trackWithdraw', { trackId: blue });
      expect(down.payload?.track).toMatchObject({ licensing: { licensed: false, withdrawn: true } });
      const up = await decide('trackReinstate', { trackId: blue });
      expect(up.payload?.track).toMatchObject({ licensing: { licensed: true, withdrawn: false } });
    });

    it('who set its markets, or its windows', async () => {
      const markets = await decide('trackMarketsSet', { trackId: blue, markets: ['US', 'FR', 'US'] });
      expect(markets.payload?.track).toMatchObject({ availableMarkets: ['FR', 'US'] });
      const windows = await setWindows(
        'Blue',
        { markets: ['DE', 'US'], until: '2026-07-01T00:00:00.000Z' },
        { markets: ['FR'], from: '2026-07-01T00:00:00.000Z' },
      );
      expect(windows.payload?.track).toMatchObject({
        availableMarkets: ['DE', 'US'],
        licensing: { licensed: true },
      });
    });

    it('which each process hears of at once', async () => {
      const before = catalog.written();
      await decide('trackWithdraw', { trackId: blue });
      expect(catalog.written()).toBe(before + 1);
      await decide('trackWithdraw', { trackId: publicId('track', 'nobody knows') });
      expect(catalog.written()).toBe(before + 1);
    });
  });

  describe('are not decided', () => {
    it.each<[string, { actor?: Actor }, string]>([
      ['by nobody', {}, 'UNAUTHENTICATED'],
      ['by a listener', { actor: viewer() }, 'FORBIDDEN'],
      ['with another scope', { actor: viewer('users:admin') }, 'FORBIDDEN'],
      ['by a service', service, 'FORBIDDEN'],
    ])('%s', async (_, as, code) => {
      const { payload, error } = await decide('trackWithdraw', { trackId: blue }, as);
      expect(payload).toBeNull();
      expect(error?.extensions).toMatchObject({
        code,
        ...(code === 'FORBIDDEN' && { missingScopes: ['catalog:write'] }),
      });
      const row = await catalog.prisma.track.findFirst({ where: { title: 'Blue' } });
      expect(row?.withdrawnAt).toBeNull();
    });

    it('of a track that is unknown, or by what is no id of a track', async () => {
      const unknown = await decide('trackWithdraw', { trackId: publicId('track', 'nobody knows') });
      expect(unknown.payload).toEqual({
        track: null,
        userErrors: [{ field: ['input', 'trackId'], code: 'NOT_FOUND', message: 'There is no such track.' }],
      });
      for (const trackId of ['x', publicId('album', 'Blue'), '']) {
        const { error } = await decide('trackWithdraw', { trackId });
        expect(error?.extensions?.code).toBe('BAD_USER_INPUT');
      }
    });

    it('by codes that are not assigned', async () => {
      for (const markets of [['UK'], ['EU'], ['de'], ['DEU']]) {
        const { error } = await decide('trackMarketsSet', { trackId: blue, markets });
        expect(error?.extensions?.code).toBe('BAD_USER_INPUT');
      }
    });

    it('by input that is wrong, which is told field by field', async () => {
      const told = async (name: string, input: object) =>
        (await decide(name, { trackId: blue, ...input })).payload?.userErrors.map(
          ({ field, code }) => `${field.join('.')} ${code}`,
        );
      expect(await told('trackUpdate', { title: '', isrc: 'x' })).toEqual([
        'input.title TOO_SHORT',
        'input.isrc INVALID',
      ]);
      expect(await told('trackMarketsSet', { markets: Array(301).fill('DE') })).toEqual([
        'input.markets LIMIT_REACHED',
      ]);
      const moment = '2026-07-01T00:00:00.000Z';
      expect(
        await told('trackLicenceWindowsSet', {
          windows: [{ markets: ['DE'] }, { markets: ['DE'], from: moment, until: moment }],
        }),
      ).toEqual(['input.windows.1.until INVALID']);
      expect(await catalog.prisma.licenceWindow.count()).toBe(0);
    });
  });

  describe('are told of a track', () => {
    const licensing = async (given: string, as = {}) => {
      const { data } = await catalog.ask<{ track: { licensing: unknown } }>(
        `{ track(id: "${blue}") { licensing${given} { market at licensed withdrawn from until nextFrom } } }`,
        {},
        as,
      );
      return data?.track.licensing;
    };
    const told = {
      market: 'DE',
      at: '2026-06-01T12:00:00.000Z',
      licensed: true,
      withdrawn: false,
      from: null,
      until: null,
      nextFrom: null,
    };

    it("in the viewer's market and now, where nothing else is asked", async () => {
      expect(await licensing('', { market: 'DE' })).toEqual(told);
      expect(await licensing('', { market: 'FR' })).toEqual({ ...told, market: 'FR', licensed: false });
      expect(await licensing('', {})).toEqual({ ...told, market: null, licensed: false });
    });

    it('by the windows of the market, at any time', async () => {
      await setWindows(
        'Blue',
        { markets: ['DE'], until: '2026-07-01T00:00:00.000Z' },
        { markets: ['DE', 'US'], from: '2026-09-01T00:00:00.000Z', until: '2026-10-01T00:00:00.000Z' },
        { markets: ['DE'], from: '2026-10-01T00:00:00.000Z', until: '2026-11-01T00:00:00.000Z' },
      );
      const at = (time: string) => licensing(`(market: "DE", at: "${time}")`);
      expect(await licensing('(market: "DE")')).toEqual({ ...told, until: '2026-07-01T00:00:00.000Z' });
      expect(await at('2026-07-01T00:00:00.000Z')).toEqual({
        ...told,
        at: '2026-07-01T00:00:00.000Z',
        licensed: false,
        nextFrom: '2026-09-01T00:00:00.000Z',
      });
      expect(await at('2026-10-05T00:00:00+02:00')).toEqual({
        ...told,
        at: '2026-10-04T22:00:00.000Z',
        from: '2026-09-01T00:00:00.000Z',
        until: '2026-11-01T00:00:00.000Z',
      });
      expect(await at('2027-01-01T00:00:00.000Z')).toMatchObject({ licensed: false, nextFrom: null });
      expect(await licensing('(market: "US")')).toMatchObject({
        licensed: false,
        nextFrom: '2026-09-01T00:00:00.000Z',
      });
    });

    it('which was taken down, from then on', async () => {
      await decide('trackWithdraw', { trackId: blue });
      expect(await licensing('(market: "DE")')).toEqual({ ...told, licensed: false, withdrawn: true });
      const before = await licensing('(market: "DE", at: "2026-06-01T11:59:59.999Z")');
      expect(before).toMatchObject({ licensed: true, withdrawn: false });
    });

    it('and of a page of a hundred by one statement', async () => {
      const names = Array.from({ length: 97 }, (_, index) => `t${index}`);
      await catalog.rows.tracks(...names.map((name) => ({ name })));
      const ids = [...names, 'Blue', 'Red', 'Rude'].map((name) => publicId('track', name));
      const before = catalog.database.statements.count();
      const { data, errors } = await catalog.ask<{ tracks: { de: { licensed: boolean } }[] }>(
        `query ($ids: [ID!]!) { tracks(ids: $ids) {
          de: licensing(market: "DE") { licensed } fr: licensing(market: "FR") { licensed } again: licensing(market: "DE") { until }
        } }`,
        { ids },
      );
      expect(errors).toBeUndefined();
      expect(data?.tracks.filter(({ de }) => de.licensed)).toHaveLength(100);
      // The tracks, and their licences.
      expect(catalog.database.statements.count() - before).toBe(2);
    });
  });

  describe('that end soon', () => {
    const june = (day: number) => `2026-06-${String(day).padStart(2, '0')}T00:00:00.000Z`;
    beforeEach(async () => {
      await setWindows(
        'Blue',
        { markets: ['DE', 'FR'], until: june(20) },
        { markets: ['FR'], from: june(20), until: june(25) },
      );
      await setWindows('Red', { markets: ['DE'], until: june(10) }, { markets: ['DE'], from: june(11) });
      await setWindows('Rude', { markets: ['DE'], until: june(20) });
    });
    interface Leaving {
      edges: { cursor: string; leavesAt: string; node: { title: string } }[];
      pageInfo: { hasNextPage: boolean; hasPreviousPage: boolean };
    }
    const leaving = async (given: string, as: object = { market: 'DE' }) => {
      const { data, errors } = await catalog.ask<{ leavingSoon: Leaving }>(
        `{ leavingSoon(${given}) { edges { cursor leavesAt node { title } } pageInfo { hasNextPage hasPreviousPage } } }`,
        {},
        as,
      );
      const page = data?.leavingSoon;
      return {
        page,
        error: errors?.[0],
        told: page?.edges.map(({ node, leavesAt }) => `${node.title} ${leavesAt.slice(5, 10)}`),
      };
    };

    it("are listed for the viewer's market, the soonest first", async () => {
      const { told } = await leaving('first: 10');
      expect(told?.[0]).toBe('Red 06-10');
      expect(told?.slice(1).sort()).toEqual(['Blue 06-20', 'Rude 06-20']);
    });

    it('are listed once each, by the end of what follows without a gap', async () => {
      expect((await leaving('first: 10, market: "FR"')).told).toEqual(['Blue 06-25']);
      expect((await leaving('first: 10, market: "FR", withinDays: 20')).told).toEqual([]);
    });

    it('leave out what has not begun, what was taken down, and explicit ones where the viewer wants none', async () => {
      await setWindows('Blue', { markets: ['DE'], from: june(2), until: june(3) });
      expect((await leaving('first: 10')).told).toEqual(['Red 06-10', 'Rude 06-20']);
      await decide('trackWithdraw', { trackId: publicId('track', 'Red') });
      expect((await leaving('first: 10')).told).toEqual(['Rude 06-20']);
      expect((await leaving('first: 10', { market: 'DE', explicit: false })).told).toEqual([]);
    });

    it('are paged, forward and backward', async () => {
      const all = (await leaving('first: 10')).told;
      const one = await leaving('first: 2');
      expect(one.page?.pageInfo).toEqual({ hasNextPage: true, hasPreviousPage: false });
      const two = await leaving(`first: 2, after: "${one.page?.edges[1]?.cursor}"`);
      expect([...(one.told ?? []), ...(two.told ?? [])]).toEqual(all);
      expect(two.page?.pageInfo).toEqual({ hasNextPage: false, hasPreviousPage: true });
      const back = await leaving(`last: 2, before: "${two.page?.edges[0]?.cursor}"`);
      expect(back.told).toEqual(one.told);
    });

    it('take a cursor for the same market and days only', async () => {
      const cursor = (await leaving('first: 1')).page?.edges[0]?.cursor;
      for (const [given, as] of [
        [`first: 1, after: "${cursor}"`, { market: 'US' }],
        [`first: 1, after: "${cursor}", withinDays: 31`, { market: 'DE' }],
        ['first: 1, withinDays: 0', { market: 'DE' }],
        ['first: 1, withinDays: 91', { market: 'DE' }],
        ['first: 101', { market: 'DE' }],
        ['withinDays: 30', { market: 'DE' }],
      ] as const)
        expect((await leaving(given, as)).error?.extensions?.code, given).toBe('BAD_USER_INPUT');
      expect((await leaving(`first: 1, after: "${cursor}", market: "DE"`, {})).told).toHaveLength(1);
    });

    it('are none where no market is known', async () => {
      expect((await leaving('first: 10', {})).told).toEqual([]);
    });
  });

  describe('are followed by services', () => {
    const ask = async (given: string, as: { actor?: Actor } = service) => {
      const { data, errors } = await catalog.ask<{ licenceChangesSince: Record<string, unknown> | null }>(
        `{ licenceChangesSince${given} { seq trackIds hasMore reset } }`,
        {},
        as,
      );
      return { told: data?.licenceChangesSince, error: errors?.[0] };
    };

    it('from where it stands now', async () => {
      const now = await ask('');
      expect(now.told).toMatchObject({ trackIds: [], hasMore: false, reset: false });
      await decide('trackWithdraw', { trackId: blue });
      await decide('trackMarketsSet', { trackId: publicId('track', 'Red'), markets: [] });
      const since = `(seq: "${now.told?.seq}"`;
      const { told } = await ask(`${since})`);
      expect(told).toMatchObject({ trackIds: [blue, publicId('track', 'Red')], hasMore: false });
      expect((await ask(`${since}, first: 1)`)).told).toMatchObject({ trackIds: [blue], hasMore: true });
      expect((await ask(`(seq: "${told?.seq}")`)).told).toEqual({ ...told, trackIds: [] });
      expect((await ask(`(seq: "${Number(told?.seq) + 1}")`)).told).toMatchObject({ reset: true });
    });

    it('by one statement', async () => {
      const before = catalog.database.statements.count();
      await ask('(seq: "0")');
      expect(catalog.database.statements.count() - before).toBe(1);
    });

    it('and by nobody else', async () => {
      for (const actor of [viewer('catalog:write'), undefined])
        expect((await ask('', { actor })).error?.extensions?.code).toBe('FORBIDDEN');
      for (const given of ['(seq: "-1")', '(seq: "x")', '(first: 0)', '(first: 1001)'])
        expect((await ask(given)).error?.extensions?.code, given).toBe('BAD_USER_INPUT');
    });

    it('with facts that say until when they hold', async () => {
      await setWindows('Blue', {
        markets: ['DE'],
        from: '2020-01-01T00:00:00.000Z',
        until: '2200-01-01T00:00:00.000Z',
      });
      const { data } = await catalog.ask(
        `{ trackPlaybackFacts(ids: ["${blue}", "${publicId('track', 'Red')}"]) { availableMarkets availableMarketsUntil } }`,
        {},
        service,
      );
      expect(data).toEqual({
        trackPlaybackFacts: [
          { availableMarkets: ['DE'], availableMarketsUntil: '2200-01-01T00:00:00.000Z' },
          { availableMarkets: ['DE', 'US'], availableMarketsUntil: null },
        ],
      });
    });
  });
});
