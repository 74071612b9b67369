import type { SqlWriter } from '@medley/outbox';
import type { GenerationId } from '../domain/ledger.ts';
import type { generationTables } from './generation-tables.ts';

/** A table of a generation that counts. */
export interface CountingTable {
  readonly name: (typeof generationTables)[number];
  /** The columns of its primary key, without `generation`. */
  readonly keys: readonly string[];
  /** The columns that are sums. */
  readonly counters: readonly string[];
}

/**
 * Adds to rows, by one statement; those that are missing begin at zero. In the order of the key for all, so that two who add to the same
 * rows never wait for each other.
 * @param rows by the names of columns, each key once (`createTally`)
 */
export async function addCounts(
  tx: SqlWriter,
  generation: GenerationId,
  { name, keys, counters }: CountingTable,
  rows: readonly Readonly<Record<string, string | number>>[],
): Promise<void> {
  if (rows.length === 0) return;
  const sums = counters.map((counter) => `${counter} = known.${counter} + excluded.${counter}`);
  const columns = [...keys, ...counters].join(', ');
  await tx.$executeRawUnsafe(
    `INSERT INTO analytics.${name} AS known (generation, ${columns})
    SELECT $1::smallint, ${columns} FROM jsonb_populate_recordset(NULL::analytics.${name}, $2::jsonb)
    ORDER BY ${keys.join(', ')}
    ON CONFLICT (generation, ${keys.join(', ')}) DO UPDATE SET ${sums.join(', ')}`,
    generation,
    JSON.stringify(rows),
  );
}
