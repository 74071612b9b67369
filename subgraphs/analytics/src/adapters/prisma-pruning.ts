import type { Pruned, Pruning } from '../domain/pruning.ts';
import { keptDays } from '../domain/time-grain.ts';
import type { generationTables } from './generation-tables.ts';
import type { PrismaClient } from './prisma-client.ts';

/** Rows that are kept for some time only. */
interface Kept {
  readonly table: (typeof generationTables)[number];
  /** Which rows, by the columns between `generation` and `time` in an index. */
  readonly grain?: number;
  /** The column that says of when a row is. */
  readonly time: 'bucket' | 'day' | 'played_at';
  readonly days: number;
  /** How long a stretch is forgotten at once, in minutes. */
  readonly portion: number;
}

const series = ['play_series', 'decision_series', 'quality_series', 'start_times', 'edge_series'] as const;
const dayMinutes = 1_440;

const kept: readonly Kept[] = [
  ...series.flatMap((table): Kept[] => [
    { table, grain: 1, time: 'bucket', days: keptDays.MINUTE, portion: 60 },
    { table, grain: 60, time: 'bucket', days: keptDays.HOUR, portion: dayMinutes },
  ]),
  { table: 'edge_misses', time: 'bucket', days: 1, portion: 60 },
  // Plays may be told 30 days late, and a rebuild judges those of another 7.
  { table: 'account_days', time: 'day', days: 40, portion: dayMinutes },
  { table: 'doubtful_plays', time: 'played_at', days: 400, portion: dayMinutes },
];

export function createPruning(client: PrismaClient): Pruning {
  /** Forgets the oldest stretch. @returns how many rows; null when there is nothing to forget */
  async function pruneOldest(
    { table, grain, time, days, portion }: Kept,
    generation: number,
    now: Date,
  ): Promise<number | null> {
    const ofGrain = grain === undefined ? '' : `AND grain = ${grain}`;
    const before = new Date(now.getTime() - days * dayMinutes * 60_000);
    const [oldest] = await client.$queryRawUnsafe<{ at: Date | null }[]>(
      `SELECT min(${time})::timestamptz AS at FROM analytics.${table} WHERE generation = $1::smallint ${ofGrain}`,
      generation,
    );
    if (!oldest?.at || oldest.at >= before) return null;
    const until = new Date(Math.min(before.getTime(), oldest.at.getTime() + portion * 60_000));
    return client.$executeRawUnsafe(
      `DELETE FROM analytics.${table} WHERE generation = $1::smallint ${ofGrain} AND ${time} < $2::timestamptz`,
      generation,
      until,
    );
  }

  return {
    async prune(now, signal) {
      const generations = await client.generation.findMany({ where: { state: { not: 'RETIRED' } } });
      const pruned: Pruned[] = [];
      for (const each of kept) {
        let rows = 0;
        for (const { id } of generations) {
          while (!signal?.aborted) {
            const count = await pruneOldest(each, id, now);
            if (count === null) break;
            rows += count;
          }
        }
        if (rows > 0) pruned.push({ table: each.table, rows });
      }
      return pruned;
    },
  };
}
