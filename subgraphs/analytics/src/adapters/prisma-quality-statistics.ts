import type { QualityCounts, QualityDimension, QualityFilter } from '../domain/quality-counts.ts';
import type { Statistics } from '../domain/statistics.ts';
import type { TimeRange, TimeSpan } from '../domain/time-range.ts';
import { Prisma } from '../generated/prisma/client.ts';
import type { PrismaClient } from './prisma-client.ts';
import { isOnly, isShown, isWithin, stretchOf } from './shown-rows.ts';

export function createQualityStatistics(client: PrismaClient): Pick<Statistics, 'countQuality'> {
  return {
    async countQuality(time, filter, by, limit) {
      const rows = await client.$queryRaw<QualityRow[]>(statement(time, filter, by, limit));
      const told = (dimension: QualityDimension, value: string) => (by.includes(dimension) ? value : null);
      return rows.map(({ at, market, tier, quality, bins, ...counts }) => ({
        ...counts,
        at: 'parts' in time ? null : at,
        market: told('MARKET', market),
        tier: told('TIER', tier),
        quality: told('QUALITY', quality),
        startTimes: (bins ?? []).map(([bin, count]) => ({ bin, count })),
      }));
    },
  };
}

interface QualityRow extends Omit<QualityCounts, 'startTimes'> {
  readonly at: Date;
  readonly market: string;
  readonly tier: string;
  readonly quality: string;
  readonly bins: readonly (readonly [bin: number, count: number])[] | null;
}

function statement(
  time: TimeRange | TimeSpan,
  filter: QualityFilter,
  by: readonly QualityDimension[],
  limit: number,
): Prisma.Sql {
  const apart = (dimension: QualityDimension, column: Prisma.Sql) =>
    by.includes(dimension) ? column : together;
  // What is not told apart is one and the same value, so that groups and bins are joined by equality.
  const group = Prisma.sql`${'parts' in time ? Prisma.sql`'epoch'::timestamptz` : stretchOf(time)} AS at,
    ${apart('MARKET', Prisma.sql`market`)} AS market, ${apart('TIER', Prisma.sql`tier`)} AS tier,
    ${apart('QUALITY', Prisma.sql`quality`)} AS quality`;
  const where = Prisma.sql`${isShown} AND ${isWithin(time)} AND ${isOnly(Prisma.sql`market`, filter.market)}
    AND ${isOnly(Prisma.sql`tier`, filter.tier)} AND ${isOnly(Prisma.sql`quality`, filter.quality)}`;
  return Prisma.sql`
    WITH counted AS (
      SELECT ${group}, sum(started)::float8 AS started, sum(failed)::float8 AS failed,
        sum(abandoned)::float8 AS abandoned, sum(ms_played)::float8 AS "msPlayed", sum(stalls)::float8 AS stalls,
        sum(stalled_ms)::float8 AS "stalledMs", sum(stalled_starts)::float8 AS "stalledStarts",
        sum(bytes)::float8 AS bytes, sum(edge_hits)::float8 AS "edgeHits", sum(edge_misses)::float8 AS "edgeMisses"
      FROM analytics.quality_series WHERE ${where} GROUP BY 1, 2, 3, 4
      ORDER BY 1, sum(started) DESC, 2, 3, 4 LIMIT ${limit}
    ), binned AS (
      SELECT at, market, tier, quality, json_agg(json_build_array(bin, starts)) AS bins
      FROM (
        SELECT ${group}, bin, sum(starts)::float8 AS starts
        FROM analytics.start_times WHERE ${where} GROUP BY 1, 2, 3, 4, bin
      ) AS bins
      GROUP BY 1, 2, 3, 4
    )
    SELECT counted.*, binned.bins FROM counted LEFT JOIN binned USING (at, market, tier, quality)
    ORDER BY at, started DESC, market, tier, quality`;
}

const together = Prisma.sql`'*'::text`;
