import { generationTables } from '@medley/analytics/adapters/generation-tables';
import { openPrismaClient } from '@medley/analytics/adapters/prisma-client';
import type { Database } from '@medley/database';

/** What a generation of numbers is, table by table: equal only when every row is the same, bit for bit. */
export type Snapshot = ReadonlyMap<string, { readonly rows: number; readonly sum: string }>;

/**
 * Adds up two hashes of 64 bits of each row, so that the order does not matter.
 * @param generation of which number
 */
export async function takeSnapshot(database: Database, generation: number): Promise<Snapshot> {
  const client = openPrismaClient(database);
  const snapshot = new Map<string, { rows: number; sum: string }>();
  try {
    for (const table of generationTables) {
      const [found] = await client.$queryRawUnsafe<{ rows: number; sum: string }[]>(
        `SELECT count(*)::int AS rows,
          coalesce(sum(hashtextextended(row, 0)::numeric), 0) || ' ' || coalesce(sum(hashtextextended(row, 1)::numeric), 0) AS sum
        FROM (SELECT (to_jsonb(counted) - 'generation')::text AS row FROM analytics.${table} AS counted
          WHERE generation = $1::smallint) AS counted`,
        generation,
      );
      if (found) snapshot.set(table, found);
    }
  } finally {
    await client.$disconnect();
  }
  return snapshot;
}

/** The tables in which two differ, with their numbers of rows. */
export function differencesOf(one: Snapshot, other: Snapshot): string[] {
  return [...one]
    .filter(([table, { sum }]) => other.get(table)?.sum !== sum)
    .map(([table, { rows }]) => `${table} (${rows} rows, ${other.get(table)?.rows ?? 'none'})`);
}
