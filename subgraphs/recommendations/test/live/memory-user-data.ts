import type { HistoryPlay } from '../../src/domain/play-history.ts';
import type { LibraryEntry, TasteProfile } from '../../src/domain/taste-profile.ts';
import type { LiveOptions } from '../../src/live/start-live.ts';

/** User data in memory, as far as live work writes it; the suites of the adapters hold them to the same. */
export function createMemoryUserData() {
  const plays = new Map<string, HistoryPlay>();
  const kept = new Map<string, TasteProfile>();
  const entries = new Map<string, LibraryEntry>();
  const notAsked = () => Promise.reject(new Error('not asked here'));
  const userData: LiveOptions['userData'] = {
    history: {
      async record(told) {
        for (const play of told) {
          const key = `${play.userId} ${play.eventId}`;
          if (!plays.has(key)) plays.set(key, play);
        }
      },
      page: notAsked,
      countsByTrack: notAsked,
      heardTracks: notAsked,
      activeUsers: notAsked,
    },
    profiles: {
      find: async (userIds) =>
        new Map(
          userIds.flatMap((id) => {
            const profile = kept.get(id);
            return profile ? [[id, profile]] : [];
          }),
        ),
      async save(profiles) {
        const late = profiles.filter(({ userId, version }) => (kept.get(userId)?.version ?? 0) >= version);
        for (const profile of profiles) if (!late.includes(profile)) kept.set(profile.userId, profile);
        return late.map(({ userId }) => userId);
      },
    },
    library: {
      async record(told) {
        for (const entry of told) {
          const key = `${entry.userId} ${entry.itemId}`;
          if ((entries.get(key)?.version ?? 0) < entry.version) entries.set(key, entry);
        }
      },
      find: async (userId) => [...entries.values()].filter((entry) => entry.userId === userId),
    },
  };
  return { ...userData, plays, kept, entries };
}

/** What two runs must agree on: all but how often a profile was saved. */
export const withoutVersions = (profiles: ReadonlyMap<string, TasteProfile>) =>
  new Map([...profiles].map(([userId, { version: _, ...rest }]) => [userId, rest] as const).sort(byUser));

const byUser = ([one]: readonly [string, unknown], [other]: readonly [string, unknown]) =>
  one < other ? -1 : 1;
