import type { DayCountsRepository, TrackDay } from '../domain/day-counts.ts';
import { countListeners } from '../domain/listener-sketch.ts';
import { beforeAll } from '../domain/part.ts';
import { everywhere } from '../domain/scopes.ts';
import type { PrismaClient } from './prisma-client.ts';
import { isShown } from './shown-rows.ts';

interface Row extends Omit<TrackDay, 'listeners' | 'markets'> {
  /** `{"DE": 3}` */
  readonly markets: Readonly<Record<string, number>> | null;
  /** As base64: drivers read bytes digit by digit. */
  readonly sketch: string | null;
}

export const createPrismaDayCountsRepository = (client: PrismaClient): DayCountsRepository => ({
  async readDay(day, after, limit) {
    const date = day.toISOString().slice(0, 10);
    const rows = await client.$queryRaw<Row[]>`
      SELECT total.track_id::text AS "trackId", total.plays::float8 AS plays,
        (SELECT jsonb_object_agg(market, plays) FROM analytics.track_plays AS own
          WHERE own.generation = total.generation AND own.track_id = total.track_id AND own.day = total.day AND market <> ${everywhere}) AS markets,
        (SELECT encode(sketch, 'base64') FROM analytics.listener_sketches AS own
          WHERE own.generation = total.generation AND scope = total.track_id::text AND own.day = total.day) AS sketch
      FROM (
        SELECT generation, track_id, day, plays FROM analytics.track_plays
        WHERE ${isShown} AND market = ${everywhere} AND day = ${date}::date AND track_id > ${after ?? beforeAll}::uuid
        ORDER BY track_id LIMIT ${limit}
      ) AS total ORDER BY total.track_id`;
    return {
      items: rows.map(toTrackDay),
      after: rows.length < limit ? null : (rows.at(-1)?.trackId ?? null),
    };
  },
});

const toTrackDay = ({ trackId, plays, markets, sketch }: Row): TrackDay => ({
  trackId,
  plays,
  listeners: sketch ? countListeners([Buffer.from(sketch, 'base64')]) : 0,
  markets: Object.entries(markets ?? {})
    .map(([market, ofMarket]) => ({ market, plays: ofMarket }))
    .sort((one, other) => (one.market < other.market ? -1 : 1)),
});
