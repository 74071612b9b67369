import { type HistoryPlay, type PlayHistory, requireKnownActivity } from '../domain/play-history.ts';
import { Prisma } from '../generated/prisma/client.ts';
import type { PrismaClient } from './prisma-client.ts';
import type { Now } from './user-data-clock.ts';

/** The history of one machine: it counts 100,000 plays of an account in a tenth of a second, and so keeps no sums. */
export const createPrismaPlayHistory = (client: PrismaClient, now: Now): PlayHistory => ({
  async record(plays) {
    for (let from = 0; from < plays.length; from += 1_000)
      // In the order of the key, so that two who record the same never wait for each other in a circle.
      await client.$executeRaw`
        INSERT INTO recommendations.play_history
        SELECT (jsonb_populate_record(NULL::recommendations.play_history, play)).*
        FROM jsonb_array_elements(${JSON.stringify(plays.slice(from, from + 1_000).map(toRow))}::jsonb)
          WITH ORDINALITY AS told(play, place)
        ORDER BY play ->> 'user_id', play ->> 'event_id', place
        ON CONFLICT (user_id, event_id) DO NOTHING`;
  },

  async page({ userId, after, limit }) {
    const rows = await client.$queryRaw<HistoryRow[]>`
      SELECT event_id::text AS "eventId", played_at AS "playedAt", track_id::text AS "trackId", ms_played AS "msPlayed",
        counted, skipped, context_kind AS "contextKind", context_id AS "contextId"
      FROM recommendations.play_history
      WHERE user_id = ${userId}::uuid ${
        after
          ? Prisma.sql`AND (played_at, event_id) < (${after.playedAt}::timestamptz, ${after.eventId}::uuid)`
          : Prisma.empty
      }
      ORDER BY played_at DESC, event_id DESC LIMIT ${limit}`;
    return rows.map(({ contextKind, contextId, ...play }) => ({
      userId,
      ...play,
      context: contextKind === null ? null : { kind: contextKind, id: contextId },
    }));
  },

  async countsByTrack({ userId, from }) {
    const since = from ? Prisma.sql`AND played_at >= ${from}::timestamptz` : Prisma.empty;
    // As one text: drivers read 20,000 rows in the time of some 100,000 plays.
    const [row] = await client.$queryRaw<{ counts: string | null }[]>`
      SELECT string_agg(track_id || ' ' || plays, ' ') AS counts FROM (
        SELECT track_id, count(*) AS plays FROM recommendations.play_history
        WHERE user_id = ${userId}::uuid AND counted ${since} GROUP BY track_id) AS track`;
    const words = row?.counts?.split(' ') ?? [];
    const counts = new Map<string, number>();
    for (let at = 0; at < words.length; at += 2) counts.set(words[at] as string, Number(words[at + 1]));
    return counts;
  },

  async heardTracks(userId) {
    const [row] = await client.$queryRaw<{ tracks: string | null }[]>`
      SELECT string_agg(track_id::text, ' ') AS tracks FROM (
        SELECT DISTINCT track_id FROM recommendations.play_history WHERE user_id = ${userId}::uuid) AS track`;
    return new Set(row?.tracks?.split(' '));
  },

  async activeUsers({ since, after, limit }) {
    requireKnownActivity(since, now());
    // From account to account along the index, of which the first entry of each is its newest play.
    const rows = await client.$queryRaw<{ userId: string }[]>`
      WITH RECURSIVE account AS (
        (${newestPlayAfter(Prisma.sql`${after ?? nobody}::uuid`)})
        UNION ALL
        SELECT next.* FROM account, LATERAL (${newestPlayAfter(Prisma.sql`account.user_id`)}) AS next
      )
      SELECT user_id::text AS "userId" FROM account WHERE played_at >= ${since}::timestamptz LIMIT ${limit}`;
    return rows.map(({ userId }) => userId);
  },
});

type HistoryRow = Omit<HistoryPlay, 'userId' | 'context'> & {
  readonly contextKind: string | null;
  readonly contextId: string | null;
};

const toRow = (play: HistoryPlay) => ({
  user_id: play.userId,
  event_id: play.eventId,
  played_at: play.playedAt.toISOString(),
  track_id: play.trackId,
  ms_played: play.msPlayed,
  counted: play.counted,
  skipped: play.skipped,
  context_kind: play.context?.kind ?? null,
  context_id: play.context?.id ?? null,
});

const newestPlayAfter = (userId: Prisma.Sql) => Prisma.sql`
  SELECT user_id, played_at FROM recommendations.play_history
  WHERE user_id > ${userId} ORDER BY user_id, played_at DESC LIMIT 1`;

/** Before all others. */
const nobody = '00000000-0000-0000-0000-000000000000';
