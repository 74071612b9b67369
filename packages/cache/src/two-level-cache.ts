import type { Cache } from './cache.ts';
import { type CacheMetrics, createCacheMetrics } from './cache-metrics.ts';

export interface TwoLevelCacheOptions {
  /** In this process. */
  readonly near: Cache;
  /** Shared with others, further away. */
  readonly far: Cache;
  /** How long the near one keeps a value at most, in milliseconds; 10,000 unless told otherwise. */
  readonly nearTtlMs?: number;
  readonly metrics?: CacheMetrics;
}

/**
 * Looks near, then far. What everybody asks for is found in this process, and when the far cache fails the near one
 * keeps the load from what lies behind. Whoever deletes in one process leaves the near caches of the others as they are:
 * each process has to delete for itself.
 */
export function createTwoLevelCache(options: TwoLevelCacheOptions): Cache {
  const { near, far, nearTtlMs = 10_000, metrics = createCacheMetrics() } = options;
  let deletions = 0;
  const shorten = (ttlMs: number) => Math.min(ttlMs, nearTtlMs);

  return {
    async getMany(keys) {
      const found = [...(await near.getMany(keys))];
      const missing = keys.filter((_, index) => found[index] === null);
      metrics.levels.inc({ level: 'near' }, keys.length - missing.length);
      if (missing.length === 0) return found;

      const deletionsBefore = deletions;
      const values = await far.getMany(missing);
      const fetched = new Map<string, string>();
      for (const [index, key] of missing.entries()) {
        const value = values[index] ?? null;
        if (value !== null) fetched.set(key, value);
      }
      metrics.levels.inc({ level: 'far' }, fetched.size);
      // What was on its way while something was deleted may be just that.
      if (deletions === deletionsBefore)
        await near.setMany([...fetched].map(([key, value]) => ({ key, value, ttlMs: nearTtlMs })));
      return keys.map((key, index) => found[index] ?? fetched.get(key) ?? null);
    },

    async setMany(entries) {
      const shortened = entries.map((entry) => ({ ...entry, ttlMs: shorten(entry.ttlMs) }));
      await Promise.all([near.setMany(shortened), far.setMany(entries)]);
    },

    async deleteMany(keys) {
      deletions++;
      const done = await Promise.all([near.deleteMany(keys), far.deleteMany(keys)]);
      return done.every(Boolean);
    },

    close() {
      near.close();
      far.close();
    },
  };
}
