import { createMetrics } from '@medley/service';
import { startTestRedis } from '@medley/testing/redis';
import { describe, expect, it } from 'vitest';
import {
  type Cache,
  createCachedReader,
  createCacheMetrics,
  createMemoryCache,
  createRedisCache,
  jitteredMs,
  ttlClasses,
} from '../src/index.ts';

interface Song {
  title: string;
}

/** A reader over songs that tests change, with a clock and loads that they control. */
function openReader(options: { cache?: Cache; random?: () => number } = {}) {
  let now = 1;
  const clock = () => now;
  const cache = options.cache ?? createMemoryCache({ maxBytes: 1_000_000, clock });
  const metrics = createMetrics();
  const songs = new Map<string, Song>();
  const loads: (readonly string[])[] = [];
  const gates: { open: () => void; fail: (error: Error) => void }[] = [];
  let gated = false;
  const reader = createCachedReader<string, Song>({
    cache,
    namespace: 'test',
    name: 'song',
    version: 1,
    ttl: ttlClasses.metadata,
    keyText: (key) => key,
    async load(keys) {
      loads.push(keys);
      const found = keys.map((key) => songs.get(key) ?? null);
      if (gated) await new Promise<void>((open, fail) => gates.push({ open, fail }));
      return found;
    },
    serialise: JSON.stringify,
    parse(text) {
      const song = JSON.parse(text);
      if (typeof song.title !== 'string') throw new TypeError('a song has a title');
      return song;
    },
    metrics: createCacheMetrics(metrics),
    clock,
    random: options.random ?? (() => 1),
  });
  return {
    reader,
    cache,
    songs,
    loads,
    gates,
    close: () => {
      gated = true;
    },
    open: () => {
      gated = false;
      for (const gate of gates.splice(0)) gate.open();
    },
    pass: (seconds: number) => {
      now += seconds * 1_000;
    },
    async reads() {
      const { values = [] } =
        (await metrics.registry.getSingleMetric('medley_cache_reads_total')?.get()) ?? {};
      return Object.fromEntries(values.map(({ labels, value }) => [labels.result, value]));
    },
  };
}

const settle = () => new Promise((resolve) => setImmediate(resolve));

describe('a cached reader', () => {
  it('loads what is missing in one load, in the order of the keys, and not again', async () => {
    const { reader, songs, loads, reads } = openReader();
    songs.set('a', { title: 'A' }).set('b', { title: 'B' });
    expect(await reader.readMany(['b', 'none', 'a', 'b'])).toEqual([
      { title: 'B' },
      null,
      { title: 'A' },
      { title: 'B' },
    ]);
    songs.set('c', { title: 'C' });
    expect(await reader.readMany(['a', 'c'])).toEqual([{ title: 'A' }, { title: 'C' }]);
    expect(loads).toEqual([['b', 'none', 'a'], ['c']]);
    expect(await reads()).toEqual({ miss: 4, shared: 1, hit: 1 });
  });

  it('loads a cold key once for 200 callers at once', async () => {
    const { reader, songs, loads, close, open } = openReader();
    songs.set('a', { title: 'A' });
    close();
    const callers = Array.from({ length: 200 }, () => reader.readMany(['a']));
    await settle();
    callers.push(...Array.from({ length: 50 }, (_, n) => reader.readMany(['a', `other ${n}`])));
    await settle();
    expect(loads.filter((keys) => keys.includes('a'))).toHaveLength(1);
    open();
    await settle();
    open();
    const found = await Promise.all(callers);
    expect(found.every(([song]) => song?.title === 'A')).toBe(true);
  });

  it('goes on loading for the others when one caller gives up', async () => {
    const { reader, songs, loads, close, open } = openReader();
    songs.set('a', { title: 'A' });
    close();
    const impatient = Promise.race([reader.readMany(['a']), settle().then(() => 'gave up')]);
    const patient = reader.readMany(['a']);
    expect(await impatient).toBe('gave up');
    open();
    expect(await patient).toEqual([{ title: 'A' }]);
    expect(await reader.readMany(['a'])).toEqual([{ title: 'A' }]);
    expect(loads).toHaveLength(1);
  });

  it('tells every caller when a load fails, and tries again for the next', async () => {
    const { reader, songs, loads, gates, close, open } = openReader();
    songs.set('a', { title: 'A' });
    close();
    const outcomes = Promise.allSettled([
      reader.readMany(['a']),
      reader.readMany(['a']),
      reader.readMany(['a', 'a']),
    ]);
    await settle();
    gates.splice(0)[0]?.fail(new Error('the database is away'));
    for (const outcome of await outcomes)
      expect(outcome).toMatchObject({ status: 'rejected', reason: { message: 'the database is away' } });
    open();
    expect(await reader.readMany(['a'])).toEqual([{ title: 'A' }]);
    expect(loads).toHaveLength(2);
  });

  it('remembers that there is none, for a shorter time', async () => {
    const { reader, songs, loads, pass, reads } = openReader();
    expect(await reader.readMany(['a'])).toEqual([null]);
    songs.set('a', { title: 'A' });
    expect(await reader.readMany(['a'])).toEqual([null]);
    expect(await reads()).toEqual({ miss: 1, negative: 1 });
    pass(16);
    expect(await reader.readMany(['a'])).toEqual([{ title: 'A' }]);
    pass(59);
    expect(await reader.readMany(['a'])).toEqual([{ title: 'A' }]);
    pass(2);
    await reader.readMany(['a']);
    expect(loads).toHaveLength(3);
  });

  it('does not store what was loaded before it was forgotten', async () => {
    const { reader, songs, loads, cache, close, open } = openReader();
    songs.set('a', { title: 'old' });
    close();
    const early = reader.readMany(['a']);
    await settle();
    songs.set('a', { title: 'new' });
    expect(await reader.forget(['a'])).toBe(true);
    const late = reader.readMany(['a']);
    await settle();
    open();
    expect(await early).toEqual([{ title: 'old' }]);
    expect(await late).toEqual([{ title: 'new' }]);
    expect(loads).toHaveLength(2);
    expect(await cache.getMany(['test:v1:song:a'])).toEqual(['{"title":"new"}']);
    expect(await reader.readMany(['a'])).toEqual([{ title: 'new' }]);
  });

  it('forgets what it stored, also that there is none', async () => {
    const { reader, songs } = openReader();
    songs.set('a', { title: 'old' });
    await reader.readMany(['a', 'b']);
    songs.set('a', { title: 'new' }).set('b', { title: 'B' });
    await reader.forget(['a', 'b']);
    expect(await reader.readMany(['a', 'b'])).toEqual([{ title: 'new' }, { title: 'B' }]);
  });

  it('does not wait for a load that hangs when asked much later, nor store what it brings in the end', async () => {
    const { reader, songs, gates, close, open, pass } = openReader();
    songs.set('a', { title: 'old' });
    close();
    const first = reader.readMany(['a']);
    await settle();
    const hanging = gates.splice(0);
    songs.set('a', { title: 'new' });
    open();
    pass(6);
    expect(await reader.readMany(['a'])).toEqual([{ title: 'new' }]);
    for (const gate of hanging) gate.open();
    expect(await first).toEqual([{ title: 'old' }]);
    expect(await reader.readMany(['a'])).toEqual([{ title: 'new' }]);
  });

  it('takes for missing what it cannot read, and replaces it', async () => {
    const { reader, songs, cache, reads } = openReader();
    songs.set('a', { title: 'A' }).set('b', { title: 'B' });
    await cache.setMany([
      { key: 'test:v1:song:a', value: '{"name":"A"}', ttlMs: 60_000 },
      { key: 'test:v1:song:b', value: '{"tit', ttlMs: 60_000 },
    ]);
    expect(await reader.readMany(['a', 'b'])).toEqual([{ title: 'A' }, { title: 'B' }]);
    expect(await reads()).toEqual({ unreadable: 2 });
    expect(await cache.getMany(['test:v1:song:a'])).toEqual(['{"title":"A"}']);
  });

  it('answers when the cache does not, and loads once all the same', async () => {
    const dead: Cache = {
      getMany: async (keys) => keys.map(() => null),
      setMany: async () => {},
      deleteMany: async () => false,
      close() {},
    };
    const { reader, songs, loads } = openReader({ cache: dead });
    songs.set('a', { title: 'A' });
    const found = await Promise.all([reader.readMany(['a']), reader.readMany(['a'])]);
    expect(found).toEqual([[{ title: 'A' }], [{ title: 'A' }]]);
    expect(loads).toHaveLength(1);
    expect(await reader.forget(['a'])).toBe(false);
  });

  it('lets what was stored together end at different times, none later than its class says', () => {
    const all = Array.from({ length: 100 }, (_, n) => jitteredMs(60, n / 100));
    expect(new Set(all).size).toBe(100);
    expect(Math.min(...all)).toBe(48_000);
    expect(Math.max(...all)).toBeLessThanOrEqual(60_000);
    expect(jitteredMs(60, 0.123_456)).toSatisfy(Number.isInteger);
  });
});

const server = await startTestRedis();
if (!server) console.info('A cached reader before a real Redis: left out, as there is no redis-server here.');

describe.skipIf(!server)('a cached reader before a real Redis', () => {
  it('answers the same while Redis works, hangs, is dead and is back', async () => {
    const redis = server as NonNullable<typeof server>;
    const cache = createRedisCache({ url: redis.url, onLost: () => {} });
    const { reader, songs, loads } = openReader({ cache });
    songs.set('a', { title: 'A' });
    const ask = async () => {
      const started = performance.now();
      expect(await reader.readMany(['a', 'none'])).toEqual([{ title: 'A' }, null]);
      return performance.now() - started;
    };
    const askUntilCached = () =>
      expect
        .poll(
          async () => {
            const before = loads.length;
            await ask();
            return loads.length - before;
          },
          { timeout: 10_000 },
        )
        .toBe(0);
    try {
      await askUntilCached();
      redis.pause();
      for (let n = 0; n < 20; n++) expect(await ask()).toBeLessThan(1_000);
      redis.resume();
      await askUntilCached();
      await redis.kill();
      for (let n = 0; n < 20; n++) expect(await ask()).toBeLessThan(1_000);
      await redis.start();
      await askUntilCached();
    } finally {
      cache.close();
      await redis.kill();
    }
  }, 30_000);
});
