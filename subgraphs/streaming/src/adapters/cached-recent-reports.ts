import type { Cache } from '@medley/cache';
import type { RecentReports } from '../domain/report-ports.ts';

/** Remembers in a cache, for an hour. A cache that fails knows nothing; it counts that itself. */
export function createCachedRecentReports(cache: Pick<Cache, 'getMany' | 'setMany'>): RecentReports {
  return {
    find: (userId, ids) => cache.getMany(ids.map((id) => keyOf(userId, id))),
    remember(plays) {
      const entries = plays.map(({ play: { userId, id }, contentHash }) => ({
        key: keyOf(userId, id),
        value: contentHash,
        ttlMs: 3_600_000,
      }));
      if (entries.length > 0) void cache.setMany(entries);
    },
  };
}

// In braces is what decides the slot in Redis Cluster: the plays of one report lie together.
const keyOf = (userId: string, id: string) => `streaming:report:{${userId}}:${id}`;
