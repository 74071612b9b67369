import { type CacheMetrics, createCachedReader, createMemoryCache } from '@medley/cache';
import { LRUCache } from 'lru-cache';
import { z } from 'zod';
import type { ListenerCount } from './domain/listeners.ts';
import type { RankedTrack } from './domain/ranking.ts';
import { everywhere } from './domain/scopes.ts';
import type { Plays, Statistics } from './domain/statistics.ts';
import type { Days } from './domain/time-window.ts';

export interface CachedStatisticsOptions {
  readonly metrics?: CacheMetrics | undefined;
  /** Milliseconds, of any beginning, never 0. */
  readonly clock?: () => number;
}

/**
 * Keeps what everybody may ask for a while in this process: play counts for ten seconds, charts and the numbers of artists for a
 * minute. However many ask at once, it is counted once. A chart that cannot be counted anew stays as it was.
 */
export function createCachedStatistics(
  statistics: Statistics,
  { metrics, clock = () => performance.now() }: CachedStatisticsOptions = {},
): Statistics {
  const cache = createMemoryCache({ maxBytes: 32 * 1024 * 1024, clock, ...(metrics && { metrics }) });
  const shared = { cache, namespace: 'analytics', version: 1, clock, ...(metrics && { metrics }) };

  const plays = (
    name: string,
    seconds: number,
    count: (ids: readonly string[]) => Promise<readonly Plays[]>,
  ) => {
    const reader = createCachedReader<string, number>({
      ...shared,
      name,
      ttl: { seconds, negativeSeconds: seconds },
      keyText: (id) => id,
      async load(ids) {
        const counted = new Map((await count(ids)).map(({ id, plays }) => [id, plays]));
        return ids.map((id) => counted.get(id) ?? null);
      },
      serialise: String,
      parse: parseCount,
    });
    return async (ids: readonly string[]): Promise<Plays[]> => {
      const counts = await reader.readMany(ids);
      return ids.flatMap((id, index) => {
        const plays = counts[index] ?? null;
        return plays === null ? [] : [{ id, plays }];
      });
    };
  };

  const artistListeners = createCachedReader<ArtistOnDays, ListenerCount>({
    ...shared,
    name: 'artist-listeners',
    ttl: { seconds: 60, negativeSeconds: 60 },
    keyText: ({ artistId, days }) => `${artistId}:${daysText(days)}`,
    load: (keys) =>
      statistics.countListenersOfArtists(
        keys.map(({ artistId }) => artistId),
        // All keys of one call are of the same days.
        (keys[0] as ArtistOnDays).days,
      ),
    serialise: JSON.stringify,
    parse: (text) => listenerCount.parse(JSON.parse(text)),
  });

  const charts = new LRUCache<string, readonly RankedTrack[], Parameters<Statistics['rankTracks']>>({
    // There are not so many markets.
    max: 300,
    ttl: 60_000,
    perf: { now: clock },
    // Asked at each look, so that a chart is never older than it may be.
    ttlResolution: 0,
    fetchMethod: (_key, old, { context }) =>
      statistics.rankTracks(...context).catch((error) => {
        if (old) return old;
        throw error;
      }),
  });

  return {
    ...statistics,
    countPlaysOfTracks: plays('track-plays', 10, (ids) => statistics.countPlaysOfTracks(ids)),
    countPlaysOfArtists: plays('artist-plays', 60, (ids) => statistics.countPlaysOfArtists(ids)),
    async countListenersOfArtists(artistIds, days) {
      const counts = await artistListeners.readMany(artistIds.map((artistId) => ({ artistId, days })));
      return counts as ListenerCount[];
    },
    rankTracks: (...asked) => {
      const [market, days, before, limit] = asked;
      const key = [market ?? everywhere, daysText(days), daysText(before), limit].join(' ');
      return charts.forceFetch(key, { context: asked });
    },
  };
}

const listenerCount = z.object({
  estimate: z.number().nonnegative(),
  standardError: z.number().nonnegative(),
});

interface ArtistOnDays {
  readonly artistId: string;
  readonly days: Days;
}

const daysText = ({ first, last }: Days) => `${first?.toISOString()}..${last.toISOString()}`;

function parseCount(text: string): number {
  const count = Number(text);
  if (!Number.isSafeInteger(count)) throw new TypeError(`expected a count, got ${JSON.stringify(text)}`);
  return count;
}
