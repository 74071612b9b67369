import { dayMs } from '../domain/days.ts';
import {
  createListenerSketch,
  type ListenerSketch,
  listenerStandardError,
} from '../domain/listener-sketch.ts';
import type { ListenerCount } from '../domain/listeners.ts';
import { everywhere } from '../domain/scopes.ts';
import type { Statistics } from '../domain/statistics.ts';
import type { Days } from '../domain/time-window.ts';
import type { PrismaClient } from './prisma-client.ts';
import { isOnDays, isShown } from './shown-rows.ts';

type ListenerStatistics = Pick<
  Statistics,
  'countListeners' | 'countListenersOfTracks' | 'countListenersOfArtists'
>;

/** Merges the sketches of days: whoever listened on two of them is one listener. */
export function createListenerStatistics(client: PrismaClient): ListenerStatistics {
  /** Merges the sketches of each scope into the one that `sketchOf` gives for it. */
  async function merge(
    scopes: readonly string[],
    days: Days,
    sketchOf: (scope: string) => ListenerSketch | undefined,
  ): Promise<void> {
    // Some at a time: an artist has thousands of them, of kilobytes each.
    const scopesAtOnce = Math.max(1, Math.floor(sketchesAtOnce / lengthOf(days)));
    for (let from = 0; from < scopes.length; from += scopesAtOnce) {
      // As base64: drivers read bytes digit by digit.
      const stored = await client.$queryRaw<{ scope: string; sketch: string }[]>`
        SELECT scope, encode(sketch, 'base64') AS sketch FROM analytics.listener_sketches
        WHERE ${isShown} AND scope = ANY (${scopes.slice(from, from + scopesAtOnce)}::text[]) AND ${isOnDays(days)}`;
      for (const { scope, sketch } of stored) sketchOf(scope)?.merge(Buffer.from(sketch, 'base64'));
    }
  }

  async function countAll(scopes: readonly string[], days: Days): Promise<ListenerCount> {
    const sketch = createListenerSketch();
    await merge(scopes, days, () => sketch);
    return toCount(sketch);
  }

  return {
    countListeners: (market, days) => countAll([market ?? everywhere], days),

    async countListenersOfTracks(trackIds, days) {
      const sketches = new Map(trackIds.map((id) => [id, createListenerSketch()]));
      await merge([...sketches.keys()], days, (id) => sketches.get(id));
      return trackIds.map((id) => toCount(sketches.get(id) as ListenerSketch));
    },

    async countListenersOfArtists(artistIds, days) {
      const counts: ListenerCount[] = [];
      for (const artistId of artistIds) {
        const tracks = await client.$queryRaw<{ id: string }[]>`
          SELECT total.track_id::text AS id
          FROM analytics.catalog_tracks AS track
          JOIN analytics.track_totals AS total ON total.track_id = track.track_id
          WHERE track.artist_ids @> ARRAY[${artistId}::uuid] AND ${isShown}
          ORDER BY total.plays DESC, total.track_id LIMIT 1000`;
        const trackIds = tracks.map(({ id }) => id);
        counts.push(await countAll(trackIds, days));
      }
      return counts;
    },
  };
}

const toCount = (sketch: ListenerSketch): ListenerCount => ({
  estimate: sketch.estimate(),
  standardError: listenerStandardError,
});

const sketchesAtOnce = 1_000;

/** How many days there may be sketches of. */
const lengthOf = ({ first, last }: Days): number =>
  first === null ? sketchesAtOnce : (last.getTime() - first.getTime()) / dayMs + 1;
