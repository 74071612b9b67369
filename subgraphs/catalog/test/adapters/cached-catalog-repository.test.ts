import { type Cache, createMemoryCache } from '@medley/cache';
import { openTestDatabase } from '@medley/testing/database';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import {
  type CachedCatalog,
  createCachedCatalogRepository,
} from '../../src/adapters/cached-catalog-repository.ts';
import { createPrismaCatalogRepository } from '../../src/adapters/prisma-catalog-repository.ts';
import { createPrismaCatalogWriter } from '../../src/adapters/prisma-catalog-writer.ts';
import { createPrismaChangeLog } from '../../src/adapters/prisma-outbox.ts';
import type { CatalogRepository } from '../../src/domain/catalog-repository.ts';
import type { CatalogWriter } from '../../src/domain/catalog-writer.ts';
import type { ListQuery } from '../../src/domain/lists.ts';
import { PrismaClient } from '../../src/generated/prisma/client.ts';
import { createRows, type Rows, uuid } from '../catalog-rows.ts';

const page = { limit: 10, direction: 'forward', after: null, before: null } as const;
/** What a track must have to be imported. */
const values = { durationMs: 200_000, albumId: uuid('album', 'sky') };
const source = { precision: 'described', date: Date.UTC(2026, 0, 1) } as const;

describe('the catalog through a cache', () => {
  let database: Awaited<ReturnType<typeof openTestDatabase>>;
  let prisma: PrismaClient;
  let direct: CatalogRepository;
  let writer: CatalogWriter;
  let rows: Rows;
  let cache: Cache;
  let cached: CachedCatalog;

  beforeAll(async () => {
    database = await openTestDatabase('catalog');
    prisma = new PrismaClient({ adapter: database.adapter });
    direct = createPrismaCatalogRepository(prisma);
    writer = createPrismaCatalogWriter(prisma);
    rows = createRows(prisma);
  });
  afterAll(async () => {
    await prisma?.$disconnect();
    await database?.close();
  });
  beforeEach(async () => {
    await rows.clear();
    cache = createMemoryCache({ maxBytes: 1_000_000 });
    cached = createCachedCatalogRepository(direct, { cache });
    await rows.genres('house', 'ambient');
    await rows.artists(
      { name: 'ann', genres: ['house', 'ambient'], popularity: 3 },
      { name: 'bob', popularity: 2 },
      { name: '宇多田', genres: ['house'] },
    );
    await rows.albums(
      { name: 'sky', artists: ['ann', 'bob'], released: '1977-05-20' },
      { name: 'sea', released: '1978-01-01', precision: 'YEAR', type: null },
      { name: 'undated', type: 'EP', artists: ['ann'] },
    );
    await rows.tracks(
      {
        name: 'blue',
        album: 'sky',
        artists: ['bob', 'ann'],
        values: { isrc: 'DEA000000001', popularity: 7, discNumber: 1, trackNumber: 2 },
      },
      { name: 'red', album: 'sky', artists: ['ann'], markets: ['US'], values: { explicit: true } },
      { name: 'nowhere', markets: [] },
      { name: 'withdrawn', artists: ['ann'], values: { withdrawnAt: new Date() } },
    );
  });

  const statements = async (work: () => Promise<unknown>) => {
    const before = database.statements.count();
    await work();
    return database.statements.count() - before;
  };
  const ids = (kind: 'artist' | 'album' | 'track' | 'genre', ...names: string[]) =>
    names.map((name) => uuid(kind, name));
  const [blue = ''] = ids('track', 'blue');
  const titles = async (catalog = cached.catalog) =>
    (await catalog.findTracksByIds(ids('track', 'blue', 'red'))).map(({ title }) => title).sort();

  /** Has it forget what changed since the last time. */
  let followed = 0n;
  const follow = async () => {
    const changes = await createPrismaChangeLog(prisma).changesSince(followed, 1_000);
    followed = changes.at(-1)?.id ?? followed;
    expect(await cached.forget(changes)).toBe(true);
  };

  it('keeps what leaves a market by market and days, and never what licences say', async () => {
    const soon = new Date(Date.now() + 3_600_000);
    await prisma.licenceWindow.create({ data: { trackId: blue, market: 'DE', validUntil: soon } });
    const leaving = (market: string, withinDays = 30) =>
      cached.catalog.findPages(
        { list: 'leavingSoon', page, leaving: { market, withinDays, now: new Date() } },
        [null],
      );
    const rowsOf = async (market: string) => (await leaving(market))[0]?.rows.map((row) => row.at(-1));
    expect([await rowsOf('DE'), await rowsOf('US')]).toEqual([[blue], []]);
    expect(await statements(() => leaving('DE'))).toBe(0);
    expect(await statements(() => leaving('DE', 20))).toBe(1);
    const ask = () => cached.catalog.findLicences([{ trackId: blue, market: 'DE' }]);
    expect(await statements(ask)).toBe(1);
    expect(await statements(ask)).toBe(1);
  });

  it('reads the same as from the database, and from there once', async () => {
    const lists: [ListQuery, (string | null)[]][] = [
      [{ list: 'artists', page }, [null]],
      [{ list: 'genres', page }, [null]],
      [{ list: 'markets', page }, [null]],
      [
        { list: 'newReleases', page, today: '2026-01-01', audience: { market: 'US', explicit: true } },
        [null],
      ],
      [
        { list: 'newReleases', page, today: '2026-01-01', audience: { market: 'DE', explicit: true } },
        [null],
      ],
      [
        { list: 'newReleases', page, today: '1977-12-31', audience: { market: null, explicit: true } },
        [null],
      ],
      [{ list: 'artistAlbums', page }, ids('artist', 'ann', 'nobody', 'bob')],
      [{ list: 'artistAlbums', page, types: ['EP'] }, ids('artist', 'ann', 'nobody', 'bob')],
      [{ list: 'artistTopTracks', page, audience: { market: 'US', explicit: false } }, ids('artist', 'ann')],
      [{ list: 'artistTopTracks', page, audience: { market: 'US', explicit: true } }, ids('artist', 'ann')],
      [{ list: 'artistTopTracks', page, audience: { market: null, explicit: true } }, ids('artist', 'ann')],
      [{ list: 'albumTracks', page }, ids('album', 'sky', 'sea')],
      [{ list: 'albumTracks', page: { ...page, limit: 1 } }, ids('album', 'sky', 'sea')],
      [{ list: 'genreArtists', page }, ids('genre', 'house')],
      [{ list: 'genreTracks', page, audience: { market: null, explicit: true } }, ids('genre', 'house')],
    ];
    const byId = <Row extends { id: string }>(found: readonly Row[]) =>
      new Map(found.map((row) => [row.id, row]));
    const readAll = async (catalog: CatalogRepository) => [
      byId(await catalog.findArtistsByIds(ids('artist', 'ann', '宇多田', 'nobody'))),
      byId(await catalog.findAlbumsByIds(ids('album', 'sky', 'sea', 'undated', 'none'))),
      byId(await catalog.findTracksByIds(ids('track', 'blue', 'red', 'nowhere', 'withdrawn', 'none'))),
      byId(await catalog.findGenresByIds(ids('genre', 'house', 'none'))),
      byId(await catalog.findGenresBySlugs(['ambient', 'none'])),
      await catalog.findGenreIdsOfArtists(ids('artist', 'ann', 'bob')),
      await catalog.findArtistIdsOfAlbums(ids('album', 'sky', 'sea')),
      await catalog.findArtistIdsOfTracks(ids('track', 'blue', 'red', 'nowhere')),
      await catalog.findTotalsOfAlbums(ids('album', 'sky', 'sea')),
      ...(await Promise.all(lists.map(([query, parents]) => catalog.findPages(query, parents)))),
    ];
    const expected = await readAll(direct);
    expect(await readAll(cached.catalog)).toEqual(expected);
    expect(await statements(async () => expect(await readAll(cached.catalog)).toEqual(expected))).toBe(0);
    // What another process wrote into a shared cache reads the same.
    const other = createCachedCatalogRepository(direct, { cache });
    expect(await statements(async () => expect(await readAll(other.catalog)).toEqual(expected))).toBe(0);
  });

  it('asks the database once for a track that 200 callers want at once', async () => {
    const read = () => cached.catalog.findTracksByIds([blue]);
    expect(await statements(() => Promise.all(Array.from({ length: 200 }, read)))).toBe(1);
  });

  it('always asks the database for what playback decisions rest on, and for further pages', async () => {
    const { catalog } = cached;
    expect(await statements(() => catalog.findPlaybackFacts([blue]))).toBe(1);
    expect(await statements(() => catalog.findPlaybackFacts([blue]))).toBe(1);
    expect(await statements(() => catalog.ping())).toBe(1);
    const [sky] = ids('album', 'sky');
    for (const further of [
      { ...page, after: [1, 2, blue] },
      { ...page, before: [1, 2, blue] },
      { ...page, direction: 'backward' as const },
    ]) {
      const read = () => catalog.findPages({ list: 'albumTracks', page: further }, [sky as string]);
      expect(await statements(read)).toBe(1);
      expect(await statements(read)).toBe(1);
    }
  });

  it('forgets what a change names: rows, their links, totals, and that there was none', async () => {
    const { catalog } = cached;
    const read = async () => ({
      title: (await catalog.findTracksByIds([blue]))[0]?.title,
      markets: (await catalog.findTracksByIds([blue]))[0]?.availableMarkets,
      credits: (await catalog.findArtistIdsOfTracks([blue])).get(blue),
      totals: (await catalog.findTotalsOfAlbums(ids('album', 'sky'))).get(uuid('album', 'sky')),
      artist: (await catalog.findArtistsByIds(ids('artist', 'ann')))[0]?.name,
      genres: (await catalog.findGenreIdsOfArtists(ids('artist', 'ann'))).get(uuid('artist', 'ann')),
      album: (await catalog.findAlbumsByIds(ids('album', 'sky')))[0]?.title,
      makers: (await catalog.findArtistIdsOfAlbums(ids('album', 'sky'))).get(uuid('album', 'sky')),
      genre: (await catalog.findGenresByIds(ids('genre', 'house')))[0]?.name,
      bySlug: (await catalog.findGenresBySlugs(['house']))[0]?.name,
      none: (await catalog.findTracksByIds(ids('track', 'none'))).length,
    });
    expect(await read()).toMatchObject({ title: 'blue', artist: 'ann', album: 'sky', none: 0 });
    await writer.upsert({
      source,
      genres: [{ id: uuid('genre', 'house'), values: { name: 'House Music' } }],
      artists: [{ id: uuid('artist', 'ann'), values: { name: 'Ann', genreIds: ids('genre', 'house') } }],
      albums: [{ id: uuid('album', 'sky'), values: { title: 'Sky', artistIds: ids('artist', 'bob') } }],
      tracks: [
        { id: blue, values: { ...values, title: 'Blue', artistIds: ids('artist', 'ann') } },
        {
          id: uuid('track', 'none'),
          values: { title: 'New', durationMs: 1_000, albumId: uuid('album', 'sky') },
        },
      ],
    });
    await writer.setMarkets(blue, ['AT']);
    expect(await read()).toMatchObject({ title: 'blue', markets: ['DE', 'US'], none: 0 });
    await follow();
    expect(await read()).toEqual({
      title: 'Blue',
      markets: ['AT'],
      credits: ids('artist', 'ann'),
      totals: { trackCount: 3, durationMs: 401_000 },
      artist: 'Ann',
      genres: ids('genre', 'house'),
      album: 'Sky',
      makers: ids('artist', 'bob'),
      genre: 'House Music',
      bySlug: 'House Music',
      none: 1,
    });
    await writer.deleteTrack(blue);
    await follow();
    expect(await catalog.findTracksByIds([blue])).toEqual([]);
  });

  it('forgets the totals of an album that a track comes to, leaves, or is deleted from', async () => {
    const counts = async () => {
      const totals = await cached.catalog.findTotalsOfAlbums(ids('album', 'sky', 'sea'));
      return ids('album', 'sky', 'sea').map((id) => totals.get(id)?.trackCount ?? 0);
    };
    expect(await counts()).toEqual([2, 0]);
    const moved = { ...values, title: 'blue', albumId: uuid('album', 'sea') };
    await writer.upsert({ source, tracks: [{ id: blue, values: moved }] });
    await follow();
    expect(await counts()).toEqual([1, 1]);
    await writer.deleteTrack(blue);
    await follow();
    expect(await counts()).toEqual([1, 0]);
  });

  it('does not store a row that was read before a change and comes after it was heard of', async () => {
    let answer: (() => void) | undefined;
    const late = createCachedCatalogRepository(
      {
        ...direct,
        async findTracksByIds(wanted) {
          const found = await direct.findTracksByIds(wanted);
          await new Promise<void>((resolve) => {
            answer = resolve;
          });
          return found;
        },
      },
      { cache },
    );
    const reading = late.catalog.findTracksByIds([blue]);
    await expect.poll(() => answer).toBeDefined();
    await writer.upsert({ source, tracks: [{ id: blue, values: { ...values, title: 'Blue' } }] });
    expect(await late.forget(await createPrismaChangeLog(prisma).changesSince(0n, 1_000))).toBe(true);
    answer?.();
    expect((await reading)[0]?.title).toBe('blue');
    expect((await cached.catalog.findTracksByIds([blue]))[0]?.title).toBe('Blue');
  });

  it('reads tracks again whose set of markets the cache has forgotten', async () => {
    expect(await titles()).toEqual(['blue', 'red']);
    const markets = new Map<string, string>();
    const forgetful: Cache = {
      ...cache,
      async getMany(keys) {
        for (const key of keys) if (key.includes(':markets:')) markets.set(key, key);
        return (await cache.getMany(keys)).map((value, index) =>
          keys[index]?.includes(':markets:') && markets.size <= 2 ? null : value,
        );
      },
    };
    const other = createCachedCatalogRepository(direct, { cache: forgetful });
    expect(await titles(other.catalog)).toEqual(['blue', 'red']);
    expect(await statements(() => titles(other.catalog))).toBe(0);
    const found = await other.catalog.findTracksByIds([blue]);
    expect(found[0]?.availableMarkets).toEqual(['DE', 'US']);
  });

  it('takes for missing what is not of the right form', async () => {
    await titles();
    const key = `catalog:v2:track:${blue}`;
    expect(await cache.getMany([key])).not.toEqual([null]);
    for (const value of ['{"id":1}', 'null', '[', '{"title":"x"}']) {
      await cache.setMany([{ key, value, ttlMs: 60_000 }]);
      expect(await titles()).toEqual(['blue', 'red']);
    }
  });
});
