import { type Inbox, inboxTableSql } from '@medley/inbox';
import type { SqlWriter } from '@medley/outbox';
import type { GenerationId } from '../domain/ledger.ts';

/** The tables whose rows belong to a generation: partitioned by it, so that it comes and goes with its tables. */
export const generationTables = [
  'play_series',
  'track_plays',
  'track_totals',
  'listener_sketches',
  'account_days',
  'doubtful_plays',
  'decision_series',
  'quality_series',
  'start_times',
  'edge_series',
  'edge_misses',
] as const;

/**
 * Where ids of events are claimed, by what is counted of them; each generation has its own, as each counts every event once. For how many
 * days: as old as an event can be when it is told, and as long as its topic keeps it then, for a rebuild.
 */
const claimDays = {
  // Plays and measurements may be told 30 days late, and their topics keep them for 7.
  claimed_plays: 40,
  claimed_measurements: 40,
  claimed_decisions: 15,
  claimed_edge_windows: 15,
} as const;

export type InboxName = keyof typeof claimDays;
const inboxNames = Object.keys(claimDays) as InboxName[];

/** Where a generation claims the ids of events. */
export const inboxOf = (name: InboxName, generation: GenerationId): Inbox => ({
  table: `analytics.${name}_g${generation}`,
  keepDays: claimDays[name],
});

export const inboxesOf = (generation: GenerationId): readonly Inbox[] =>
  inboxNames.map((name) => inboxOf(name, generation));

/** Makes the tables of a generation. Its inboxes still have to be prepared. */
export async function makeTables(tx: SqlWriter, generation: GenerationId): Promise<void> {
  // Attached, not made as partitions: that would lock out who counts.
  const partitions = generationTables.map((table) => {
    const [parent, partition] = [`analytics.${table}`, partitionOf(table, generation)];
    return `CREATE TABLE ${partition} (LIKE ${parent} INCLUDING ALL);
      ALTER TABLE ${parent} ATTACH PARTITION ${partition} FOR VALUES IN (${Number(generation)});`;
  });
  const inboxes = inboxesOf(generation).map(({ table }) => inboxTableSql(table));
  await tx.$executeRawUnsafe(`DO $do$ BEGIN ${[...partitions, ...inboxes].join('\n')} END $do$`);
}

/**
 * Drops the tables of a generation, one by one. Each waits for who reads all generations, and makes others wait: rather later than long.
 * @throws when one cannot be had within 2 s; the next call goes on
 */
export async function dropTables(sql: SqlWriter, generation: GenerationId): Promise<void> {
  const tables = [
    ...generationTables.map((table) => partitionOf(table, generation)),
    ...inboxesOf(generation).map(({ table }) => table),
  ];
  for (const table of tables)
    await sql.$executeRawUnsafe(
      `DO $do$ BEGIN
        PERFORM set_config('lock_timeout', '2s', true);
        DROP TABLE IF EXISTS ${table};
      END $do$`,
    );
}

const partitionOf = (table: string, generation: GenerationId): string =>
  `analytics.${table}_g${Number(generation)}`;
