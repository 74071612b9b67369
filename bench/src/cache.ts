import { type Cache, createMemoryCache, createRedisCache } from '@medley/cache';
import { createCachedCatalogRepository } from '@medley/catalog/adapters/cached-catalog-repository';
import { openRepositories } from '@medley/catalog/adapters/prisma-repositories';
import type { CatalogRepository } from '@medley/catalog/domain/catalog-repository';
import { PrismaClient } from '@medley/catalog/generated/prisma/client';
import { loadSampleCatalog } from '@medley/catalog/sample/load-sample-catalog';
import { openTestDatabase, testDatabaseKind } from '@medley/testing/database';

/**
 * npm run bench:cache: what a read of the catalog costs from the database, from a cache in memory and from Redis, one
 * caller after the other, on the sample catalog. PGlite, or the PostgreSQL of TEST_POSTGRES_URL; Redis where
 * TEST_REDIS_URL is set.
 */
const { TEST_REDIS_URL } = process.env;
const database = await openTestDatabase('catalog');
const { catalog: direct, writer, close } = openRepositories(database);
const caches: Cache[] = [];
try {
  await loadSampleCatalog(writer);
  // A server does it by itself after a while; PGlite never.
  await new PrismaClient({ adapter: database.adapter }).$executeRaw`ANALYZE`;
  const redis = TEST_REDIS_URL
    ? createRedisCache({ url: TEST_REDIS_URL, timeoutMs: 1_000, onLost: () => {} })
    : null;
  while (redis && !(await redis.deleteMany(['bench'])))
    await new Promise((resolve) => setTimeout(resolve, 50));
  const through = (cache: Cache) => {
    caches.push(cache);
    return createCachedCatalogRepository(direct, { cache }).catalog;
  };
  const ways: Record<string, CatalogRepository> = {
    [testDatabaseKind]: direct,
    memory: through(createMemoryCache({ maxBytes: 256_000_000 })),
    ...(redis && { Redis: through(redis) }),
  };

  for (const [name, read] of Object.entries(await chooseReads())) {
    const row: Record<string, string> = { read: name };
    // In turns, so that the machine's mood hits all ways.
    const best: Record<string, number> = {};
    for (let round = 0; round < 3; round++) {
      for (const [way, catalog] of Object.entries(ways))
        best[way] = Math.min(best[way] ?? Number.POSITIVE_INFINITY, await timeOf(() => read(catalog)));
    }
    for (const [way, micros] of Object.entries(best)) row[way] = `${micros.toFixed(0)} µs`;
    console.log(Object.values(row).join(' | '));
  }
} finally {
  for (const cache of caches) cache.close();
  await close();
  await database.close();
}

type Read = (catalog: CatalogRepository) => Promise<unknown>;

/** Everything that is cached, of one parent and of fifty. */
async function chooseReads(): Promise<Record<string, Read>> {
  const page = { limit: 50, direction: 'forward', after: null, before: null } as const;
  const audience = { market: 'DE', explicit: true };
  const idsOf = async (list: 'artists' | 'newReleases' | 'genres') => {
    const [slice] = await direct.findPages({ list, page, today: '2026-12-31' }, [null]);
    return slice?.rows.slice(0, 50).map((key) => String(key.at(-1))) ?? [];
  };
  const [artists, albums, genres] = [
    await idsOf('artists'),
    await idsOf('newReleases'),
    await idsOf('genres'),
  ];
  const [top] = await direct.findPages({ list: 'genreTracks', page, audience }, genres.slice(0, 1));
  const tracks = top?.rows.slice(0, 50).map((key) => String(key.at(-1))) ?? [];
  const reads: Record<string, Read> = {};
  const both = (name: string, ids: readonly string[], read: (ids: readonly string[]) => Read) => {
    for (const some of [ids.slice(0, 1), ids]) reads[`${some.length} × ${name}`] = read(some);
  };
  both('artist', artists, (ids) => (catalog) => catalog.findArtistsByIds(ids));
  both('album', albums, (ids) => (catalog) => catalog.findAlbumsByIds(ids));
  both('track', tracks, (ids) => (catalog) => catalog.findTracksByIds(ids));
  both('genre', genres, (ids) => (catalog) => catalog.findGenresByIds(ids));
  both('genres of an artist', artists, (ids) => (catalog) => catalog.findGenreIdsOfArtists(ids));
  both('credits of an album', albums, (ids) => (catalog) => catalog.findArtistIdsOfAlbums(ids));
  both('credits of a track', tracks, (ids) => (catalog) => catalog.findArtistIdsOfTracks(ids));
  both('totals of an album', albums, (ids) => (catalog) => catalog.findTotalsOfAlbums(ids));
  const small = { ...page, limit: 10 };
  both('tracks of an album', albums, (ids) => (c) => c.findPages({ list: 'albumTracks', page }, ids));
  both(
    'releases of an artist',
    artists,
    (ids) => (c) => c.findPages({ list: 'artistAlbums', page: small }, ids),
  );
  both(
    'top tracks',
    artists,
    (ids) => (c) => c.findPages({ list: 'artistTopTracks', page: small, audience }, ids),
  );
  both(
    'tracks of a genre',
    genres,
    (ids) => (c) => c.findPages({ list: 'genreTracks', page: small, audience }, ids),
  );
  for (const list of ['artists', 'newReleases', 'genres', 'markets'] as const)
    reads[list] = (c) => c.findPages({ list, page, audience, today: '2026-12-31' }, [null]);
  return reads;
}

/** The mean of 200 reads after 20 to warm up, in microseconds. */
async function timeOf(read: () => Promise<unknown>): Promise<number> {
  for (let n = 0; n < 20; n++) await read();
  const startedAt = performance.now();
  for (let n = 0; n < 200; n++) await read();
  return ((performance.now() - startedAt) * 1_000) / 200;
}
