import { parseAudioPath } from '@medley/signed-url';
import type { CdnCounts } from '../domain/cdn-traffic.ts';
import type { Statistics } from '../domain/statistics.ts';
import { Prisma } from '../generated/prisma/client.ts';
import type { PrismaClient } from './prisma-client.ts';
import { isOnly, isShown, isWithin, stretchOf } from './shown-rows.ts';

type EdgeStatistics = Pick<
  Statistics,
  'countTraffic' | 'countTrafficSince' | 'findEdgeNodes' | 'findHottestMisses'
>;

export function createEdgeStatistics(client: PrismaClient): EdgeStatistics {
  return {
    async countTraffic(range, node) {
      const rows = await client.$queryRaw<(CdnCounts & { at: Date })[]>`
        SELECT ${stretchOf(range)} AS at, ${sums()} FROM analytics.edge_series
        WHERE ${isShown} AND ${isWithin(range)} AND ${isOnly(Prisma.sql`node`, node)} GROUP BY 1`;
      return rows.map(({ at, ...counts }) => ({ at, counts }));
    },

    async countTrafficSince(from) {
      const [counts] = await client.$queryRaw<CdnCounts[]>`
        SELECT ${sums()} FROM analytics.edge_series WHERE ${isShown} AND ${isMinuteSince(from)}`;
      return counts as CdnCounts;
    },

    async findEdgeNodes({ from, now }) {
      const rows = await client.$queryRaw<(CdnCounts & { name: string; lastSeenAt: Date })[]>`
        SELECT node AS name, max(bucket) + interval '1 minute' AS "lastSeenAt", ${sums(isSince(now))}
        FROM analytics.edge_series WHERE ${isShown} AND ${isMinuteSince(from)}
        GROUP BY node ORDER BY node COLLATE "C" LIMIT 1000`;
      return rows.map(({ name, lastSeenAt, ...counts }) => ({ name, lastSeenAt, now: counts }));
    },

    async findHottestMisses(from, limit) {
      const rows = await client.$queryRaw<{ path: string; originFetches: number; originBytes: number }[]>`
        SELECT path, sum(origin_fetches)::float8 AS "originFetches", sum(origin_bytes)::float8 AS "originBytes"
        FROM analytics.edge_misses WHERE ${isShown} AND ${isSince(from)}
        GROUP BY path ORDER BY sum(origin_bytes) DESC, path COLLATE "C" LIMIT ${limit}`;
      return rows.map((miss) => ({ ...miss, audio: parseAudioPath(miss.path) ?? null }));
    },
  };
}

/** Of the rows for which `only` holds; zeros when there are none. */
function sums(only: Prisma.Sql = Prisma.sql`true`): Prisma.Sql {
  const sum = (column: string) =>
    Prisma.sql`coalesce(sum(${Prisma.raw(column)}) FILTER (WHERE ${only}), 0)::float8`;
  return Prisma.sql`${sum('requests')} AS requests, ${sum('refused')} AS refused, ${sum('failed')} AS failed,
    ${sum('bytes_sent')} AS "bytesSent", ${sum('origin_bytes')} AS "originBytes",
    ${sum('origin_fetches')} AS "originFetches", ${sum('malformed_lines')} AS "malformedLines"`;
}

const isSince = (from: Date): Prisma.Sql => Prisma.sql`bucket >= ${from.toISOString()}::timestamptz`;
const isMinuteSince = (from: Date): Prisma.Sql => Prisma.sql`grain = 1 AND ${isSince(from)}`;
