export type { Cache, CacheEntry } from './cache.ts';
export { type CacheMetrics, createCacheMetrics } from './cache-metrics.ts';
export { type CachedReader, type CachedReaderOptions, createCachedReader } from './cached-reader.ts';
export { createMemoryCache, type MemoryCacheOptions } from './memory-cache.ts';
export { type OpenCacheOptions, openCache } from './open-cache.ts';
export { createRedisCache, type RedisCacheOptions } from './redis-cache.ts';
export { jitteredMs, type TtlClass, ttlClasses } from './ttl-class.ts';
export { createTwoLevelCache, type TwoLevelCacheOptions } from './two-level-cache.ts';
