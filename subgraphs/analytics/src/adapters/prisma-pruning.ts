import { dayMs } from '../domain/days.ts';
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
}

const series = ['play_series', 'decision_series', 'quality_series', 'start_times', 'edge_series'] as const;
/** How many rows a statement deletes at most: it ends long before it is ended, and who writes waits for few of them. */
const portion = 10_000;

const kept: readonly Kept[] = [
  ...series.flatMap((table): Kept[] => [
    { table, grain: 1, time: 'bucket', days: keptDays.MINUTE },
    { table, grain: 60, time: 'bucket', days: keptDays.HOUR },
  ]),
  // The status of the edge is that of the last hour.
  { table: 'edge_misses', time: 'bucket', days: 3 / 24 },
  // Plays may be told 30 days late, and a rebuild judges those of another 7.
  { table: 'account_days', time: 'day', days: 40 },
  { table: 'doubtful_plays', time: 'played_at', days: 400 },
];

export function createPruning(client: Pick<PrismaClient, 'generation' | '$executeRawUnsafe'>): Pruning {
  /** Forgets a portion of the oldest. @returns how many rows */
  function pruneOldest({ table, grain, time, days }: Kept, generation: number, now: Date): Promise<number> {
    const ofGrain = grain === undefined ? '' : `AND grain = ${grain}`;
    // Where a row is (ctid) says which one it is within a partition only: within a generation. What another process forgets is skipped.
    return client.$executeRawUnsafe(
      `DELETE FROM analytics.${table} WHERE generation = $1::smallint AND ctid = ANY(ARRAY(
        SELECT ctid FROM analytics.${table}
        WHERE generation = $1::smallint ${ofGrain} AND ${time} < $2::timestamptz
        ORDER BY ${time} LIMIT ${portion} FOR UPDATE SKIP LOCKED
      ))`,
      generation,
      new Date(now.getTime() - days * dayMs),
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
            rows += count;
            if (count < portion) break;
          }
        }
        if (rows > 0) pruned.push({ table: each.table, rows });
      }
      return pruned;
    },
  };
}
