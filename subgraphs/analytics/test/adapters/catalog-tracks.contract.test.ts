import type { Database } from '@medley/database';
import { encodeId, importedUuid } from '@medley/ids';
import { openTestDatabase, testDatabaseKind } from '@medley/testing/database';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createPrismaCatalogTracks } from '../../src/adapters/prisma-catalog-tracks.ts';
import { openPrismaClient, type PrismaClient } from '../../src/adapters/prisma-client.ts';
import type { CatalogTrack, CatalogTracks } from '../../src/domain/catalog-tracks.ts';

const uuidOf = (kind: 'track' | 'artist', name: string | number) => importedUuid('test', kind, String(name));
const idOf = (kind: 'track' | 'artist', name: string | number) => encodeId(kind, uuidOf(kind, name));
const track = (name: string | number, options: Partial<CatalogTrack> = {}): CatalogTrack => ({
  id: idOf('track', name),
  version: 1,
  artistIds: [idOf('artist', 'ann')],
  explicit: false,
  withdrawn: false,
  markets: ['DE', 'BR'],
  ...options,
});

describe(`CatalogTracks on ${testDatabaseKind}`, () => {
  let database: Database;
  let client: PrismaClient;
  let tracks: CatalogTracks;

  beforeAll(async () => {
    database = await openTestDatabase('analytics');
    client = openPrismaClient(database);
    tracks = createPrismaCatalogTracks(client);
  });
  afterAll(async () => {
    await client?.$disconnect();
    await database?.close();
  });
  beforeEach(async () => {
    await client.$executeRaw`TRUNCATE analytics.catalog_tracks, analytics.market_sets RESTART IDENTITY`;
  });

  const find = async (name: string) => {
    const row = await client.catalogTrack.findUnique({
      where: { trackId: uuidOf('track', name) },
      include: { markets: true },
    });
    return row && { ...row, markets: row.markets.markets };
  };

  it('keeps what charts go by', async () => {
    await tracks.save([
      track('blue', {
        artistIds: [idOf('artist', 'ann'), idOf('artist', 'zoe'), idOf('artist', 'ann')],
        explicit: true,
      }),
    ]);
    expect(await find('blue')).toEqual({
      trackId: uuidOf('track', 'blue'),
      version: 1,
      artistIds: [uuidOf('artist', 'ann'), uuidOf('artist', 'zoe')],
      explicit: true,
      withdrawn: false,
      marketSet: 1,
      markets: 'BR DE',
    });
  });

  it('keeps the same markets once, in whatever order they are told, and none as well', async () => {
    await tracks.save([
      track('blue'),
      track('red', { markets: ['BR', 'DE', 'BR'] }),
      track('rare', { markets: [] }),
    ]);
    await tracks.save([track('green', { markets: ['BR', 'DE'] }), track('grey', { markets: ['JP'] })]);
    const sets = await client.marketSet.findMany({ orderBy: { id: 'asc' } });
    expect(sets).toEqual([
      { id: 1, markets: '' },
      { id: 2, markets: 'BR DE' },
      // Known sets use up no number.
      { id: 3, markets: 'JP' },
    ]);
    expect((await find('rare'))?.markets).toBe('');
    expect((await find('green'))?.marketSet).toBe(2);
  });

  it('goes by the newest state, however late an older one comes', async () => {
    await tracks.save([track('blue', { version: 3, explicit: true })]);
    await tracks.save([track('blue', { version: 2, withdrawn: true })]);
    expect(await find('blue')).toMatchObject({ version: 3, explicit: true, withdrawn: false });
    await tracks.save([track('blue', { version: 4 })]);
    expect(await find('blue')).toMatchObject({ version: 4, explicit: false });
  });

  it('writes nothing when it is told again what it knows', async () => {
    await tracks.save([track('blue'), track('red')]);
    const versionsOfRows = () =>
      client.$queryRaw`SELECT xmin::text, ctid::text FROM analytics.catalog_tracks`;
    const before = await versionsOfRows();
    await tracks.save([track('blue'), track('red')]);
    expect(await versionsOfRows()).toEqual(before);
  });

  it('takes a forgotten track as withdrawn, until its state is told again', async () => {
    await tracks.save([track('blue', { version: 2 }), track('red')]);
    await tracks.withdraw([idOf('track', 'blue'), idOf('track', 'never-known')]);
    expect([(await find('blue'))?.withdrawn, (await find('red'))?.withdrawn]).toEqual([true, false]);
    await tracks.save([track('blue', { version: 1 })]);
    expect(await find('blue')).toMatchObject({ version: 2, withdrawn: true });
    await tracks.save([track('blue', { version: 2 })]);
    expect(await find('blue')).toMatchObject({ version: 2, withdrawn: false });
  });

  it('takes the same tracks from several at once', async () => {
    const states = Array.from({ length: 8 }, (_, index) =>
      Array.from({ length: 200 }, (_, number) =>
        track(number, { version: index + 1, markets: [['DE', 'FR', 'JP', 'US'][number % 4] as string] }),
      ).toSorted((one, other) => (index % 2 ? 1 : -1) * (one.id < other.id ? -1 : 1)),
    );
    await Promise.all(states.map((told) => tracks.save(told)));
    expect(await client.catalogTrack.count({ where: { version: 8 } })).toBe(200);
    expect(await client.marketSet.count()).toBe(4);
  });
});
