import { LRUCache } from 'lru-cache';
import type { FastTasteProfiles, TasteProfile } from '../domain/taste-profile.ts';
import { fastProfileTtlMs } from './fast-profile-ttl.ts';

/** Copies in the memory of this process, for a service that has no other. */
export function createMemoryTasteProfiles({
  most = 2_000,
  ttlMs = fastProfileTtlMs,
}: {
  /** Full ones have some 100 KB each. */
  most?: number;
  ttlMs?: number;
} = {}): FastTasteProfiles {
  const kept = new LRUCache<string, TasteProfile>({ max: most, ttl: ttlMs });
  async function findEach<Found>(userIds: readonly string[], of: (profile: TasteProfile) => Found) {
    const found = new Map<string, Found>();
    for (const userId of userIds) {
      const profile = kept.get(userId);
      if (profile) found.set(userId, of(profile));
    }
    return found;
  }
  return {
    find: (userIds) => findEach(userIds, (profile) => profile),
    findPositions: (userIds) => findEach(userIds, ({ positions }) => positions),
    findVersions: (userIds) => findEach(userIds, ({ version }) => version),
    async save(profiles) {
      const late: string[] = [];
      for (const profile of profiles) {
        if ((kept.get(profile.userId)?.version ?? 0) >= profile.version) late.push(profile.userId);
        else kept.set(profile.userId, profile);
      }
      return late;
    },
  };
}
