import type { DoubtfulPlay } from '../domain/doubtful-plays.ts';
import type { Statistics } from '../domain/statistics.ts';
import { Prisma } from '../generated/prisma/client.ts';
import type { PrismaClient } from './prisma-client.ts';
import { isOnly, isShown } from './shown-rows.ts';

export function createDoubtfulPlayStatistics(client: PrismaClient): Pick<Statistics, 'findDoubtfulPlays'> {
  return {
    findDoubtfulPlays({ from, until, doubt, after, limit }) {
      const isAfter = after
        ? Prisma.sql`(played_at, play_id) < (${after.playedAt.toISOString()}::timestamptz, ${after.playId}::uuid)`
        : Prisma.sql`true`;
      return client.$queryRaw<DoubtfulPlay[]>`
        SELECT play_id::text AS "playId", doubt, played_at AS "playedAt", ms_played::float8 AS "msPlayed",
          user_id::text AS "userId", track_id::text AS "trackId", market, device_id AS "deviceId",
          other_play_id::text AS "otherPlayId"
        FROM analytics.doubtful_plays
        WHERE ${isShown} AND played_at >= ${from.toISOString()}::timestamptz
          AND played_at < ${until.toISOString()}::timestamptz
          AND ${isOnly(Prisma.sql`doubt`, doubt)} AND ${isAfter}
        ORDER BY played_at DESC, play_id DESC LIMIT ${limit}`;
    },
  };
}
