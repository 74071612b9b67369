import { beforeAll } from '../domain/part.ts';
import type {
  NewPopularity,
  PlayedTrack,
  PopularityRepository,
  ToldPopularity,
} from '../domain/popularity.ts';
import { everywhere } from '../domain/scopes.ts';
import type { Days } from '../domain/time-window.ts';
import { Prisma } from '../generated/prisma/client.ts';
import type { PrismaClient } from './prisma-client.ts';
import { isOnDays, isShown } from './shown-rows.ts';

export function createPrismaPopularityRepository(client: PrismaClient): PopularityRepository {
  return {
    async findMostPlays(days) {
      let most = 0;
      // Piece by piece: on an embedded database everybody waits for a statement.
      for (let after = beforeAll; ; ) {
        const [piece] = await client.$queryRaw<{ most: number | null; last: string | null }[]>`
          SELECT max(plays)::float8 AS most, (array_agg(track_id ORDER BY track_id DESC))[1]::text AS last
          FROM (${playedTracks(days, after, 1, 400)}) AS track`;
        if (!piece?.last) return most;
        most = Math.max(most, piece.most ?? 0);
        after = piece.last;
      }
    },

    async readTracks(days, atLeast, after, limit) {
      const from = after ?? beforeAll;
      // Of those that are told no more than lie between the ones that were played: else each page would look through all of them.
      const items = await client.$queryRaw<PlayedTrack[]>`
        WITH played AS MATERIALIZED (${playedTracks(days, from, atLeast, limit)}),
        bound AS (SELECT (array_agg(track_id ORDER BY track_id))[${limit}::int] AS last FROM played)
        SELECT track_id::text AS "trackId", plays::float8 AS plays, told FROM (
          SELECT played.track_id, played.plays, popularity::int AS told
          FROM played LEFT JOIN analytics.track_popularity USING (track_id)
          UNION ALL (
            SELECT known.track_id, coalesce(few.plays, 0), known.popularity::int
            FROM analytics.track_popularity AS known, bound, LATERAL (
              SELECT sum(plays) AS plays FROM analytics.track_plays
              WHERE ${isShown} AND ${isEverywhere} AND ${isOnDays(days)} AND track_id = known.track_id
            ) AS few
            WHERE known.track_id > ${from}::uuid AND (bound.last IS NULL OR known.track_id <= bound.last)
              AND known.popularity > 0 AND coalesce(few.plays, 0) < ${atLeast}
            ORDER BY known.track_id LIMIT ${limit})
        ) AS either ORDER BY track_id LIMIT ${limit}`;
      return { items, after: items.length < limit ? null : (items.at(-1)?.trackId ?? null) };
    },

    write: (changes) =>
      client.$queryRaw<ToldPopularity[]>`
        INSERT INTO analytics.track_popularity AS known (track_id, version, popularity, plays, measured_at, is_told)
        SELECT track_id, 1, popularity, plays, measured_at, false
        FROM jsonb_to_recordset(${JSON.stringify(changes.map(toRow))}::jsonb)
          AS change(track_id uuid, popularity smallint, plays bigint, measured_at timestamptz)
        ORDER BY track_id
        ON CONFLICT (track_id) DO UPDATE SET version = known.version + 1, popularity = excluded.popularity,
          plays = excluded.plays, measured_at = excluded.measured_at, is_told = false
        RETURNING ${toldColumns}`,

    readUntold: (limit) =>
      client.$queryRaw<ToldPopularity[]>`
        SELECT ${toldColumns} FROM analytics.track_popularity WHERE NOT is_told ORDER BY track_id LIMIT ${limit}`,

    async noteTold(told) {
      const versions = told.map(({ trackId, version }) => ({ track_id: trackId, version }));
      await client.$executeRaw`
        UPDATE analytics.track_popularity AS known SET is_told = true
        FROM jsonb_to_recordset(${JSON.stringify(versions)}::jsonb) AS told(track_id uuid, version int)
        WHERE known.track_id = told.track_id AND known.version = told.version`;
    },
  };
}

const toRow = ({ trackId, popularity, plays, measuredAt }: NewPopularity) => ({
  track_id: trackId,
  popularity,
  plays,
  measured_at: measuredAt.toISOString(),
});

const toldColumns = Prisma.sql`track_id::text AS "trackId", version, popularity::int AS popularity,
  plays::float8 AS plays, measured_at AS "measuredAt"`;

/** Tracks with their plays on these days, by their ids. */
const playedTracks = (days: Days, after: string, atLeast: number, limit: number): Prisma.Sql => Prisma.sql`
  SELECT track_id, sum(plays) AS plays FROM analytics.track_plays
  WHERE ${isShown} AND ${isEverywhere} AND ${isOnDays(days)} AND track_id > ${after}::uuid
  GROUP BY track_id HAVING sum(plays) >= ${atLeast} ORDER BY track_id LIMIT ${limit}`;

/** All markets together. */
const isEverywhere = Prisma.sql`market = ${everywhere}`;
