import type { Cache } from './cache.ts';
import { type CacheMetrics, createCacheMetrics } from './cache-metrics.ts';
import { createMemoryCache } from './memory-cache.ts';
import { createRedisCache } from './redis-cache.ts';
import { createTwoLevelCache } from './two-level-cache.ts';

export interface OpenCacheOptions {
  /** What the cache in this process may take, in bytes. */
  readonly memoryBytes: number;
  /** Shared with other processes; without it each has its own. */
  readonly redisUrl?: string;
  readonly metrics?: CacheMetrics;
  /** Told once when Redis is lost, or cannot be reached to begin with. */
  readonly onLost: (error: Error) => void;
  /** Told when Redis is there again. */
  readonly onBack?: () => void;
}

/** The cache of a process: in memory, and where there is a Redis, in memory before it. It never waits for Redis. */
export function openCache(options: OpenCacheOptions): Cache {
  const { memoryBytes, redisUrl, metrics = createCacheMetrics(), onLost, onBack } = options;
  const near = createMemoryCache({ maxBytes: memoryBytes, metrics });
  if (redisUrl === undefined) return near;
  return createTwoLevelCache({
    near,
    far: createRedisCache({ url: redisUrl, metrics, onLost, onBack }),
    metrics,
  });
}
