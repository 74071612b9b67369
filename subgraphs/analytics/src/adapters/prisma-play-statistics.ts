import type { PlayCounts } from '../domain/play-counts.ts';
import type { RankedTrack } from '../domain/ranking.ts';
import { everywhere } from '../domain/scopes.ts';
import type { Page, Plays, Statistics } from '../domain/statistics.ts';
import type { Days } from '../domain/time-window.ts';
import { Prisma } from '../generated/prisma/client.ts';
import type { PrismaClient } from './prisma-client.ts';
import { isOnDays, isOnly, isShown, isWithin, stretchOf } from './shown-rows.ts';

type PlayStatistics = Pick<
  Statistics,
  | 'countPlays'
  | 'findTopTracks'
  | 'findTopArtists'
  | 'countPlayedTracks'
  | 'countPlaysOfTracks'
  | 'findPlayCounts'
  | 'countPlaysOfArtists'
  | 'rankTracks'
>;

export function createPlayStatistics(client: PrismaClient): PlayStatistics {
  return {
    async countPlays(range, { market, tier }) {
      const rows = await client.$queryRaw<(PlayCounts & { at: Date })[]>`
        SELECT ${stretchOf(range)} AS at, sum(plays)::float8 AS plays, sum(too_short)::float8 AS "tooShort",
          sum(unverified)::float8 AS unverified, sum(grant_expired)::float8 AS "grantExpired",
          sum(doubtful)::float8 AS doubtful, sum(skipped)::float8 AS skipped, sum(ms_played)::float8 AS "msPlayed"
        FROM analytics.play_series
        WHERE ${isShown} AND ${isWithin(range)}
          AND ${isOnly(Prisma.sql`market`, market)} AND ${isOnly(Prisma.sql`tier`, tier)}
        GROUP BY 1`;
      return rows.map(({ at, ...counts }) => ({ at, counts }));
    },

    findTopTracks: (market, days, page) => client.$queryRaw<Plays[]>`
      SELECT track_id::text AS id, plays FROM (${topTracks(market, days, page)}) AS top ORDER BY ${mostFirst}`,

    findTopArtists: (market, days, limit) => client.$queryRaw<Plays[]>`
      SELECT artist_id::text AS id, sum(played.plays)::float8 AS plays
      FROM (${playsOf(market, days)}) AS played
      JOIN analytics.catalog_tracks AS track ON track.track_id = played.track_id
      CROSS JOIN LATERAL unnest(track.artist_ids) AS credit(artist_id)
      GROUP BY artist_id ORDER BY sum(played.plays) DESC, artist_id LIMIT ${limit}`,

    async countPlayedTracks(days) {
      const [row] = await client.$queryRaw<{ tracks: number }[]>`
        SELECT count(DISTINCT track_id)::float8 AS tracks FROM (${playsOf(null, days)}) AS played`;
      return row?.tracks ?? 0;
    },

    countPlaysOfTracks: (trackIds) => client.$queryRaw<Plays[]>`
      SELECT track_id::text AS id, plays::float8 AS plays
      FROM analytics.track_totals WHERE ${isShown} AND track_id = ANY (${[...trackIds]}::uuid[])`,

    async findPlayCounts(trackIds) {
      // A track that was deleted names no artists any more; one that was only taken down does.
      const rows = await client.$queryRaw<Plays[]>`
        SELECT asked.id::text AS id, coalesce(total.plays, 0)::float8 AS plays
        FROM unnest(${[...trackIds]}::uuid[]) AS asked(id)
        LEFT JOIN analytics.catalog_tracks AS track ON track.track_id = asked.id
        LEFT JOIN analytics.track_totals AS total ON total.track_id = asked.id AND ${isShown}
        WHERE CASE WHEN track.track_id IS NULL THEN total.plays IS NOT NULL
          ELSE NOT (track.withdrawn AND cardinality(track.artist_ids) = 0) END`;
      return new Map(rows.map(({ id, plays }) => [id, plays]));
    },

    countPlaysOfArtists: (artistIds) => client.$queryRaw<Plays[]>`
      SELECT artist_id::text AS id, sum(total.plays)::float8 AS plays
      FROM analytics.catalog_tracks AS track
      CROSS JOIN LATERAL unnest(track.artist_ids) AS credit(artist_id)
      JOIN analytics.track_totals AS total ON total.track_id = track.track_id
      WHERE track.artist_ids && ${[...artistIds]}::uuid[] AND artist_id = ANY (${[...artistIds]}::uuid[]) AND ${isShown}
      GROUP BY artist_id`,

    async rankTracks(market, days, before, limit) {
      const page = { skip: 0, limit };
      const rows = await client.$queryRaw<(Omit<RankedTrack, 'markets'> & { markets: string })[]>`
        WITH ranked AS (${ranks(topTracks(market, days, page))}), previous AS (${ranks(topTracks(market, before, page))})
        SELECT ranked.track_id::text AS "trackId", ranked.rank, previous.rank AS "previousRank", ranked.plays, track.explicit,
          market_set.markets
        FROM ranked
        JOIN analytics.catalog_tracks AS track ON track.track_id = ranked.track_id AND NOT track.withdrawn
        JOIN analytics.market_sets AS market_set ON market_set.id = track.market_set
        LEFT JOIN previous ON previous.track_id = ranked.track_id
        ORDER BY ranked.rank`;
      const sets = new Map<string, ReadonlySet<string>>();
      return rows.map(({ markets, ...track }) => {
        const set = sets.get(markets) ?? new Set(markets.split(' '));
        sets.set(markets, set);
        return { ...track, markets: set };
      });
    },
  };
}

/** One row for each track and day, or for each track where that says the same. */
function playsOf(market: string | null, days: Days): Prisma.Sql {
  if (market === null && days.first === null)
    return Prisma.sql`SELECT track_id, plays FROM analytics.track_totals WHERE ${isShown}`;
  return Prisma.sql`SELECT track_id, plays FROM analytics.track_plays
    WHERE ${isShown} AND market = ${market ?? everywhere} AND ${isOnDays(days)}`;
}

const topTracks = (market: string | null, days: Days, { skip, limit }: Page): Prisma.Sql => Prisma.sql`
  SELECT track_id, sum(played.plays)::float8 AS plays FROM (${playsOf(market, days)}) AS played
  GROUP BY track_id ORDER BY sum(played.plays) DESC, track_id LIMIT ${limit} OFFSET ${skip}`;

const mostFirst = Prisma.sql`plays DESC, track_id`;

const ranks = (tracks: Prisma.Sql): Prisma.Sql =>
  Prisma.sql`SELECT *, row_number() OVER (ORDER BY ${mostFirst})::int AS rank FROM (${tracks}) AS top`;
