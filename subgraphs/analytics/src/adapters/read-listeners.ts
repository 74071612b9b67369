import {
  createListenerSketch,
  type ListenerSketch,
  listenerStandardError,
} from '../domain/listener-sketch.ts';
import type { ListenerCount } from '../domain/listeners.ts';
import type { Statistics } from '../domain/statistics.ts';
import type { Days } from '../domain/time-window.ts';
import { Prisma } from '../generated/prisma/client.ts';
import type { PrismaClient } from './prisma-client.ts';
import { isOnDays, isShown } from './read-shown.ts';

type ListenerStatistics = Pick<
  Statistics,
  'countListeners' | 'countListenersOfTracks' | 'countListenersOfArtists'
>;

/** Merges the sketches of days: whoever listened on two of them is one listener. */
export function readListeners(client: PrismaClient): ListenerStatistics {
  /** @param scopes selects texts; each has its sketch merged into the one that `sketchOf` gives for it */
  async function merge(
    scopes: Prisma.Sql,
    days: Days,
    sketchOf: (scope: string) => ListenerSketch | undefined,
  ): Promise<void> {
    // Some at a time: an artist has thousands of them, of kilobytes each.
    for (let last: Stored | undefined = first; last; ) {
      const stored: Stored[] = await client.$queryRaw<Stored[]>`
        SELECT scope, day::text, sketch FROM analytics.listener_sketches
        WHERE ${isShown} AND ${isOnDays(days)} AND scope IN (${scopes})
          AND (scope, day) > (${last.scope}, ${last.day}::date)
        ORDER BY scope, day LIMIT ${batchSize}`;
      for (const { scope, sketch } of stored) sketchOf(scope)?.merge(sketch);
      last = stored.length < batchSize ? undefined : stored.at(-1);
    }
  }

  async function countAll(scopes: Prisma.Sql, days: Days): Promise<ListenerCount> {
    const sketch = createListenerSketch();
    await merge(scopes, days, () => sketch);
    return toCount(sketch);
  }

  return {
    countListeners: (market, days) => countAll(Prisma.sql`${market ?? everywhere}`, days),

    async countListenersOfTracks(trackIds, days) {
      const sketches = new Map(trackIds.map((id) => [id, createListenerSketch()]));
      await merge(Prisma.join([...sketches.keys()]), days, (id) => sketches.get(id));
      return trackIds.map((id) => toCount(sketches.get(id) as ListenerSketch));
    },

    async countListenersOfArtists(artistIds, days) {
      const counts: ListenerCount[] = [];
      for (const id of artistIds) counts.push(await countAll(mostPlayedTracksOf(id), days));
      return counts;
    },
  };
}

interface Stored {
  readonly scope: string;
  readonly day: string;
  readonly sketch: Uint8Array;
}

const toCount = (sketch: ListenerSketch): ListenerCount => ({
  estimate: sketch.estimate(),
  standardError: listenerStandardError,
});

/** Before all rows. */
const first: Stored = { scope: '', day: '0001-01-01', sketch: new Uint8Array() };
const batchSize = 500;

/** Stands in `listener_sketches` for all markets together. */
const everywhere = '*';

const mostPlayedTracksOf = (artistId: string): Prisma.Sql => Prisma.sql`
  SELECT total.track_id::text
  FROM analytics.catalog_tracks AS track
  JOIN analytics.track_totals AS total ON total.track_id = track.track_id
  WHERE track.artist_ids @> ARRAY[${artistId}::uuid] AND ${isShown}
  ORDER BY total.plays DESC, total.track_id LIMIT 1000`;
