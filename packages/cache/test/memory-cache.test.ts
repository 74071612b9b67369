import { createMetrics } from '@medley/service';
import { describe, expect, it } from 'vitest';
import { createCacheMetrics, createMemoryCache } from '../src/index.ts';

const entry = (key: string, value: string, ttlMs = 60_000) => ({ key, value, ttlMs });

describe('a cache in memory', () => {
  it('never takes more than it may: what was used least recently makes room, and is counted', async () => {
    const metrics = createMetrics();
    const cache = createMemoryCache({ maxBytes: 100_000, metrics: createCacheMetrics(metrics) });
    await cache.setMany([entry('first', 'x'), entry('used', 'x')]);
    for (let n = 0; n < 1_000; n++) {
      await cache.setMany([entry(`key ${n}`, 'x'.repeat(1_000))]);
      await cache.getMany(['used']);
    }
    expect(await cache.getMany(['first', 'used', 'key 0', 'key 999'])).toEqual([
      null,
      'x',
      null,
      'x'.repeat(1_000),
    ]);
    const value = async (name: string) =>
      (await metrics.registry.getSingleMetric(name)?.get())?.values[0]?.value ?? Number.NaN;
    expect(await value('medley_cache_memory_bytes')).toBeLessThanOrEqual(100_000);
    expect(await value('medley_cache_memory_bytes')).toBeGreaterThan(90_000);
    const entries = await value('medley_cache_memory_entries');
    expect(entries).toBeLessThan(100);
    expect(await value('medley_cache_evictions_total')).toBe(1_002 - entries);
  });

  it('counts two bytes for each character where one is not enough', async () => {
    const metrics = createMetrics();
    const cache = createMemoryCache({ maxBytes: 100_000, metrics: createCacheMetrics(metrics) });
    const bytes = async () =>
      (await metrics.registry.getSingleMetric('medley_cache_memory_bytes')?.get())?.values[0]?.value ?? 0;
    await cache.setMany([entry('k', 'x'.repeat(10_000))]);
    const ascii = await bytes();
    await cache.setMany([entry('k', '宇'.repeat(10_000))]);
    expect((await bytes()) - ascii).toBe(10_000);
  });

  it('does not store what is larger than all of it', async () => {
    const cache = createMemoryCache({ maxBytes: 10_000 });
    await cache.setMany([entry('small', 'x'), entry('large', 'x'.repeat(20_000))]);
    expect(await cache.getMany(['small', 'large'])).toEqual(['x', null]);
  });

  it('forgets to the millisecond', async () => {
    let now = 1_000;
    const cache = createMemoryCache({ maxBytes: 10_000, clock: () => now });
    await cache.setMany([entry('k', 'x', 1_000)]);
    now = 2_000;
    expect(await cache.getMany(['k'])).toEqual(['x']);
    now = 2_001;
    expect(await cache.getMany(['k'])).toEqual([null]);
  });
});
