import { LRUCache } from 'lru-cache';
import type { Cache } from './cache.ts';
import { type CacheMetrics, createCacheMetrics } from './cache-metrics.ts';

export interface MemoryCacheOptions {
  /** What all entries may take together, estimated, in bytes. What was used least recently makes room. */
  readonly maxBytes: number;
  readonly metrics?: CacheMetrics;
  /** Milliseconds, of any beginning, never 0. */
  readonly clock?: () => number;
}

/** A cache in this process. */
export function createMemoryCache({
  maxBytes,
  metrics = createCacheMetrics(),
  clock = () => performance.now(),
}: MemoryCacheOptions): Cache {
  const values = new LRUCache<string, string>({
    maxSize: maxBytes,
    sizeCalculation: (value, key) => entryBytes + bytesOf(key) + bytesOf(value),
    perf: { now: clock },
    // Asked at each look, so that an entry is never older than it may be.
    ttlResolution: 0,
    dispose: (_value, _key, reason) => {
      if (reason === 'evict') metrics.evictions.inc();
    },
  });
  const measure = () => {
    metrics.bytes.set(values.calculatedSize);
    metrics.entries.set(values.size);
  };
  return {
    getMany: async (keys) => keys.map((key) => values.get(key) ?? null),
    async setMany(entries) {
      for (const { key, value, ttlMs } of entries) values.set(key, value, { ttl: ttlMs });
      measure();
    },
    async deleteMany(keys) {
      for (const key of keys) values.delete(key);
      measure();
      return true;
    },
    close: () => values.clear(),
  };
}

/** What an entry takes besides its characters: 137 measured on Node 20, and room for the tables to grow. */
const entryBytes = 160;

/** V8 takes one byte for each character of a text that is ASCII, and never more than two. */
function bytesOf(text: string): number {
  return Buffer.byteLength(text) === text.length ? text.length : 2 * text.length;
}
