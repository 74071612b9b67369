import { createMetrics } from '@medley/service';
import { startTestRedis, type TestRedis } from '@medley/testing/redis';
import { afterAll, beforeEach, describe, expect, it } from 'vitest';
import { type Cache, createCacheMetrics, createRedisCache } from '../src/index.ts';

const server = await startTestRedis();
if (!server) console.info('A Redis that fails: left out, as there is no redis-server here.');

describe.skipIf(!server)('a cache in a Redis that fails', () => {
  const redis = server as TestRedis;
  const told: string[] = [];
  let cache: Cache;
  let errors: () => Promise<Record<string, number>>;

  beforeEach(async () => {
    await redis.kill();
    await redis.start();
    cache?.close();
    const metrics = createMetrics();
    cache = createRedisCache({
      url: redis.url,
      timeoutMs: 50,
      metrics: createCacheMetrics(metrics),
      onLost: () => told.push('lost'),
      onBack: () => told.push('back'),
    });
    errors = async () =>
      Object.fromEntries(
        ((await metrics.registry.getSingleMetric('medley_cache_errors_total')?.get())?.values ?? []).map(
          ({ labels, value }) => [`${labels.operation} ${labels.reason}`, value],
        ),
      );
    await expect.poll(() => cache.deleteMany(['none'])).toBe(true);
    // On a busy machine it may have been lost and back before.
    told.length = 0;
    await cache.setMany([{ key: 'a', value: 'one', ttlMs: 60_000 }]);
  });
  afterAll(async () => {
    cache.close();
    await redis.kill();
  });

  async function timed(work: () => Promise<unknown>) {
    const started = performance.now();
    return { result: await work(), ms: performance.now() - started };
  }

  it('finds nothing when it hangs, waits for the first reads only, and finds again when it goes on', async () => {
    redis.pause();
    const reads = [];
    for (let n = 0; n < 50; n++) reads.push(await timed(() => cache.getMany(['a', 'b'])));
    expect(reads.map(({ result }) => result)).toEqual(Array(50).fill([null, null]));
    const slow = reads.filter(({ ms }) => ms > 25);
    expect(slow.length).toBeGreaterThanOrEqual(5);
    // One more for each trial that falls into this time.
    expect(slow.length).toBeLessThanOrEqual(8);
    expect(await cache.deleteMany(['a'])).toBe(false);
    expect((await errors())['get timeout']).toBeGreaterThanOrEqual(5);
    expect((await errors())['get refused']).toBeGreaterThan(30);

    redis.resume();
    await expect.poll(() => cache.getMany(['a', 'b'])).toEqual(['one', null]);
  });

  it('makes no queue of what was asked while it hung: only what was sent before it was left alone', async () => {
    redis.pause();
    const entries = Array.from({ length: 100 }, (_, n) => ({ key: `k${n}`, value: 'x', ttlMs: 60_000 }));
    const { ms } = await timed(async () => {
      for (let n = 0; n < 200; n++) await cache.setMany(entries);
    });
    expect(ms).toBeLessThan(1_500);
    expect((await errors())['set refused']).toBeGreaterThan(150);
    redis.resume();
  });

  it('finds nothing when it is dead, at once, and is used again when it is back', async () => {
    await redis.kill();
    const { result, ms } = await timed(async () => {
      const found = [];
      for (let n = 0; n < 100; n++) found.push(await cache.getMany(['a']));
      return found;
    });
    expect(result).toEqual(Array(100).fill([null]));
    expect(ms).toBeLessThan(1_000);
    expect(await cache.deleteMany(['a'])).toBe(false);
    await cache.setMany([{ key: 'a', value: 'lost', ttlMs: 60_000 }]);
    await expect.poll(() => told).toEqual(['lost']);

    await redis.start();
    await expect.poll(() => cache.deleteMany(['a']), { timeout: 10_000 }).toBe(true);
    expect(told).toEqual(['lost', 'back']);
    await cache.setMany([{ key: 'a', value: 'two', ttlMs: 60_000 }]);
    expect(await cache.getMany(['a'])).toEqual(['two']);
  }, 20_000);

  it('can be made while there is none', async () => {
    await redis.kill();
    const early = createRedisCache({ url: redis.url, onLost: () => {} });
    try {
      expect(await early.getMany(['a'])).toEqual([null]);
      await redis.start();
      await expect.poll(() => early.deleteMany(['a']), { timeout: 10_000 }).toBe(true);
    } finally {
      early.close();
    }
  }, 20_000);
});
