import type { Transaction } from './prisma-client.ts';

/** The tables whose rows belong to a model: partitioned by it, so that it comes and goes with its tables. */
const modelTables = ['neighbours', 'factors', 'popular_tracks'] as const;
export type ModelTable = (typeof modelTables)[number];

type Sql = Pick<Transaction, '$executeRawUnsafe' | '$queryRaw'>;

/** Makes the tables of a model. */
export async function makeModelTables(tx: Sql, modelId: number): Promise<void> {
  // Attached, not made as partitions: that would lock out who reads.
  const makes = modelTables.map((table) => {
    const [parent, partition] = [`recommendations.${table}`, partitionOf(table, modelId)];
    return `CREATE TABLE ${partition} (LIKE ${parent} INCLUDING ALL);
      ALTER TABLE ${parent} ATTACH PARTITION ${partition} FOR VALUES IN (${Number(modelId)});`;
  });
  await tx.$executeRawUnsafe(`DO $do$ BEGIN ${makes.join('\n')} END $do$`);
}

/**
 * Drops the tables of all models but some. Dropping a partition would wait for who reads any model, and make the next ones wait; so it is
 * detached first, concurrently, and that waits alone.
 * @throws when somebody reads for longer than a statement may take; the next call goes on from there
 */
export async function dropModelTables(sql: Sql, keep: ReadonlySet<number>): Promise<void> {
  const partitions = await sql.$queryRaw<{ name: string; parent: string | null; pending: boolean | null }[]>`
    SELECT child.relname AS name, parent.relname AS parent, inhdetachpending AS pending
    FROM pg_class child
    LEFT JOIN pg_inherits ON inhrelid = child.oid
    LEFT JOIN pg_class parent ON parent.oid = inhparent
    WHERE child.relnamespace = 'recommendations'::regnamespace AND child.relkind = 'r'
      AND child.relname ~ '^(neighbours|factors|popular_tracks)_m[0-9]+$'`;
  for (const { name, parent, pending } of partitions) {
    if (keep.has(Number(name.slice(name.lastIndexOf('_m') + 2)))) continue;
    if (parent !== null)
      await sql.$executeRawUnsafe(
        `ALTER TABLE recommendations.${parent} DETACH PARTITION recommendations.${name} ${pending ? 'FINALIZE' : 'CONCURRENTLY'}`,
      );
    await sql.$executeRawUnsafe(`DROP TABLE IF EXISTS recommendations.${name}`);
  }
}

const partitionOf = (table: ModelTable, modelId: number) => `recommendations.${table}_m${Number(modelId)}`;
