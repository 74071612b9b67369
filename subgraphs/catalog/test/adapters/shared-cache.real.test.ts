import { type Cache, createMemoryCache, createRedisCache, createTwoLevelCache } from '@medley/cache';
import { openTestDatabase } from '@medley/testing/database';
import { startTestRedis } from '@medley/testing/redis';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createCachedCatalogRepository } from '../../src/adapters/cached-catalog-repository.ts';
import { openRepositories } from '../../src/adapters/prisma-repositories.ts';
import { startCacheInvalidation } from '../../src/consumers/cache-invalidation.ts';
import { uuid } from '../catalog-rows.ts';

const server = await startTestRedis();
if (!server) console.info('A cache that two processes share: left out, as there is no redis-server here.');

describe.skipIf(!server)('two catalog processes with one Redis', () => {
  const redis = server as NonNullable<typeof server>;
  const closing: (() => unknown)[] = [];
  let database: Awaited<ReturnType<typeof openTestDatabase>>;
  let repositories: ReturnType<typeof openRepositories>;
  beforeAll(async () => {
    database = await openTestDatabase('catalog');
    repositories = openRepositories(database);
  });
  afterAll(async () => {
    for (const close of closing.splice(0).reverse()) await close();
    await repositories?.close();
    await database?.close();
    await redis.kill();
  });

  /** A process of its own, as far as caches go. */
  async function startProcess() {
    // Slower than in production: this machine may be busy, and what is shown is who finds what.
    const far = createRedisCache({ url: redis.url, timeoutMs: 500, onLost: () => {} });
    await expect.poll(() => far.deleteMany(['none']), { timeout: 10_000 }).toBe(true);
    const cache: Cache = createTwoLevelCache({ near: createMemoryCache({ maxBytes: 1_000_000 }), far });
    const { catalog, forget } = createCachedCatalogRepository(repositories.catalog, { cache });
    const invalidation = await startCacheInvalidation({
      changes: repositories.changes,
      forget,
      everyMs: 50,
      onLost: () => {},
    });
    closing.push(() => cache.close(), invalidation.stop);
    return { title: async () => (await catalog.findTracksByIds([track]))[0]?.title ?? null };
  }

  const track = uuid('track', 'blue');
  const name = (title: string) =>
    repositories.writer.upsert({
      source: { precision: 'described', date: Date.now() },
      tracks: [{ id: track, values: { title, durationMs: 1_000 } }],
    });
  const statements = async (work: () => Promise<unknown>) => {
    const before = database.statements.count();
    await work();
    return database.statements.count() - before;
  };

  it('find what the other has read, and hear of changes, also after Redis hung or died', async () => {
    await name('first');
    const [one, other] = [await startProcess(), await startProcess()];
    expect(await one.title()).toBe('first');
    // Both ask for changes in between, so this is an upper bound of what a read may cost.
    await expect.poll(() => statements(() => other.title())).toBe(0);

    const bothSay = (title: string) =>
      expect
        .poll(async () => [await one.title(), await other.title()], { timeout: 20_000 })
        .toEqual([title, title]);
    await name('second');
    await bothSay('second');

    redis.pause();
    expect(await one.title()).toBe('second');
    await name('third');
    await bothSay('third');
    redis.resume();
    await bothSay('third');
    await name('fourth');
    await bothSay('fourth');

    await redis.kill();
    await name('fifth');
    await bothSay('fifth');
    await redis.start();
    await name('sixth');
    await bothSay('sixth');
  }, 60_000);
});
