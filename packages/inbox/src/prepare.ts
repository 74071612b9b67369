import type { SqlWriter } from '@medley/outbox';
import { toIso } from './days.ts';
import { type Inbox, readTableName, windowOf } from './inbox.ts';

/**
 * Makes the partitions that an inbox needs from now until the day after tomorrow, and drops those that are too old. To be called before
 * events are claimed, and some times a day (`startInboxUpkeep` does). Any number of processes may call it at once.
 */
export async function prepareInbox(sql: SqlWriter, inbox: Inbox, now = Date.now()): Promise<void> {
  const { table } = inbox;
  const { schema, name } = readTableName(table);
  const { first, last } = windowOf(inbox, now);
  const lock = `PERFORM pg_advisory_xact_lock(hashtextextended('inbox ${table}', 0));`;
  // A table is attached, not made as a partition: that would lock out who claims.
  const makes = Array.from({ length: last - first + 1 }, (_, index) => first + index).map((day) => {
    const partition = `${schema}.${partitionName(name, toIso(day))}`;
    return `IF to_regclass('${partition}') IS NULL THEN
      CREATE TABLE ${partition} (LIKE ${table} INCLUDING ALL);
      ALTER TABLE ${table} ATTACH PARTITION ${partition} FOR VALUES FROM ('${toIso(day)}') TO ('${toIso(day + 1)}');
    END IF;`;
  });
  await sql.$executeRawUnsafe(`DO $do$ BEGIN ${lock} ${makes.join('\n')} END $do$`);

  const rows = await sql.$queryRawUnsafe<{ partition: string }[]>(
    `SELECT child.relname AS partition FROM pg_inherits JOIN pg_class child ON child.oid = inhrelid
    WHERE inhparent = $1::regclass`,
    table,
  );
  // One day more than needed: clocks differ.
  const oldest = partitionName(name, toIso(first - 1));
  const drops = rows
    .filter(({ partition }) => partition < oldest)
    .map(({ partition }) => `DROP TABLE IF EXISTS ${schema}.${partition};`);
  if (drops.length === 0) return;
  // It waits for who claims, and makes others wait: rather later than long.
  const patience = `PERFORM set_config('lock_timeout', '2s', true);`;
  await sql.$executeRawUnsafe(`DO $do$ BEGIN ${patience} ${lock} ${drops.join('\n')} END $do$`);
}

const partitionName = (name: string, isoDay: string): string => `${name}_${isoDay.replaceAll('-', '')}`;
