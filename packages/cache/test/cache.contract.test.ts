import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { type Cache, createMemoryCache, createRedisCache, createTwoLevelCache } from '../src/index.ts';

const memory = () => createMemoryCache({ maxBytes: 1_000_000 });
// A machine that is busy with other tests must not look like a slow Redis.
const redis = (url: string) => createRedisCache({ url, timeoutMs: 5_000, onLost: () => {} });

const { TEST_REDIS_URL } = process.env;
if (!TEST_REDIS_URL) console.info('Cache: Redis is left out, as TEST_REDIS_URL is not set.');

describe.each<readonly [string, () => Cache]>([
  ['in memory', memory],
  ['in memory before another one', () => createTwoLevelCache({ near: memory(), far: memory() })],
  ...(TEST_REDIS_URL
    ? ([
        ['in Redis', () => redis(TEST_REDIS_URL)],
        ['in memory before Redis', () => createTwoLevelCache({ near: memory(), far: redis(TEST_REDIS_URL) })],
      ] as const)
    : []),
])('a cache %s', (_where, open) => {
  let cache: Cache;
  beforeAll(async () => {
    cache = open();
    await vi.waitUntil(() => cache.deleteMany([randomUUID()]), { timeout: 20_000 });
  });
  afterAll(() => cache.close());

  const newKeys = (count: number) => Array.from({ length: count }, () => `test:${randomUUID()}`);
  const set = (values: Record<string, string>, ttlMs = 60_000) =>
    cache.setMany(Object.entries(values).map(([key, value]) => ({ key, value, ttlMs })));

  it('gives back what was stored, in the order of the keys, null where there is none', async () => {
    const [a = '', b = '', c = ''] = newKeys(3);
    await set({ [a]: 'one', [c]: 'three' });
    expect(await cache.getMany([c, b, a])).toEqual(['three', null, 'one']);
    expect(await cache.getMany([a, a])).toEqual(['one', 'one']);
  });

  it('keeps texts as they are: empty, of any script, long', async () => {
    const [empty = '', scripts = '', long = ''] = newKeys(3);
    const values = { [empty]: '', [scripts]: 'Beyoncé 宇多田ヒカル 🎵 \0', [long]: 'x'.repeat(200_000) };
    await set(values);
    expect(await cache.getMany([empty, scripts, long])).toEqual(Object.values(values));
  });

  it('replaces what was there before', async () => {
    const [key = ''] = newKeys(1);
    await set({ [key]: 'old' });
    await set({ [key]: 'new' });
    expect(await cache.getMany([key])).toEqual(['new']);
  });

  it('forgets when the time is over', async () => {
    const [soon = '', later = ''] = newKeys(2);
    const stored = [set({ [later]: 'later' }), set({ [soon]: 'soon' }, 200)];
    expect(await cache.getMany([soon, later])).toEqual(['soon', 'later']);
    await Promise.all(stored);
    await expect.poll(() => cache.getMany([soon, later])).toEqual([null, 'later']);
  });

  it('forgets what is deleted, and what was never there', async () => {
    const [a = '', b = '', c = ''] = newKeys(3);
    await set({ [a]: 'one', [b]: 'two' });
    expect(await cache.deleteMany([a, c])).toBe(true);
    expect(await cache.getMany([a, b, c])).toEqual([null, 'two', null]);
  });

  it('does things in the order in which they were asked for', async () => {
    const [kept = '', gone = ''] = newKeys(2);
    const done = [
      set({ [kept]: 'old', [gone]: 'old' }),
      cache.deleteMany([kept, gone]),
      set({ [kept]: 'new' }),
    ];
    await Promise.all(done);
    expect(await cache.getMany([kept, gone])).toEqual(['new', null]);
  });

  it('takes many at once, and none', async () => {
    const keys = newKeys(1_000);
    await set(Object.fromEntries(keys.map((key, index) => [key, `${index}`])));
    expect((await cache.getMany(keys)).at(-1)).toBe('999');
    expect(await cache.deleteMany(keys)).toBe(true);
    expect(new Set(await cache.getMany(keys))).toEqual(new Set([null]));

    expect(await cache.getMany([])).toEqual([]);
    await cache.setMany([]);
    expect(await cache.deleteMany([])).toBe(true);
  });
});
