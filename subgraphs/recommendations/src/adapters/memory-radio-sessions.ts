import { LRUCache } from 'lru-cache';
import { type RadioItem, type RadioSessions, radioMemory, radioSessionMs } from '../domain/radio-sessions.ts';

/** Radios in this process, those that were listened to last. */
export function createMemoryRadioSessions({
  capacity = 2_000,
  clock = () => performance.now(),
}: {
  /** Sessions; some 100 KB each at most. */
  capacity?: number;
  /** Milliseconds, of any beginning. */
  clock?: () => number;
} = {}): RadioSessions {
  const sessions = new LRUCache<string, { beganAt: Date; from: number; items: readonly RadioItem[] }>({
    max: capacity,
    ttl: radioSessionMs,
    ttlResolution: 0,
    // 0 would be no time to it.
    perf: { now: () => clock() + 1 },
  });
  const find = (id: string) => {
    const session = sessions.get(id);
    return session ? { ...session, served: session.from + session.items.length } : null;
  };
  return {
    find: async (id) => find(id),
    async append(id, { at, beganAt, items }) {
      const before = find(id);
      if (before && before.served > at) return before;
      const begins = { beganAt: before?.beganAt ?? beganAt, from: at, items: [] };
      const known = before?.served === at ? before : begins;
      const all = [...known.items, ...items];
      const kept = all.slice(-radioMemory);
      const from = known.from + all.length - kept.length;
      sessions.set(id, { beganAt: known.beganAt, from, items: kept });
      return { beganAt: known.beganAt, from, items: kept, served: from + kept.length };
    },
  };
}
