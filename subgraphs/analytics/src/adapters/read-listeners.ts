import { createListenerSketch, listenerStandardError } from '../domain/listener-sketch.ts';
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
  /** @param scopes selects the scopes, as texts */
  async function count(scopes: Prisma.Sql, days: Days): Promise<ListenerCount> {
    const sketch = createListenerSketch();
    // Some at a time: an artist has thousands of them, of kilobytes each.
    for (let last: Stored | undefined = first; last; ) {
      const stored: Stored[] = await client.$queryRaw<Stored[]>`
        SELECT scope, day::text, sketch FROM analytics.listener_sketches
        WHERE ${isShown} AND ${isOnDays(days)} AND scope IN (${scopes})
          AND (scope, day) > (${last.scope}, ${last.day}::date)
        ORDER BY scope, day LIMIT ${batchSize}`;
      for (const row of stored) sketch.merge(row.sketch);
      last = stored.length < batchSize ? undefined : stored.at(-1);
    }
    return { estimate: sketch.estimate(), standardError: listenerStandardError };
  }

  return {
    countListeners: (market, days) => count(Prisma.sql`${market ?? everywhere}`, days),
    countListenersOfTracks: (trackIds, days) => oneByOne(trackIds, (id) => count(Prisma.sql`${id}`, days)),
    countListenersOfArtists: (artistIds, days) =>
      oneByOne(artistIds, (id) => count(mostPlayedTracksOf(id), days)),
  };
}

interface Stored {
  readonly scope: string;
  readonly day: string;
  readonly sketch: Uint8Array;
}

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

async function oneByOne(
  ids: readonly string[],
  count: (id: string) => Promise<ListenerCount>,
): Promise<ListenerCount[]> {
  const counts: ListenerCount[] = [];
  for (const id of ids) counts.push(await count(id));
  return counts;
}
