import { createFeed, type Feed, type SqlReader } from './feed.ts';
import { type Position, parsePosition } from './position.ts';

/** What reads and writes by SQL: a Prisma client or one of its transactions. */
export interface SqlWriter extends SqlReader {
  $executeRawUnsafe(sql: string, ...parameters: unknown[]): PromiseLike<number>;
}

/** A change of a row, as it is told to others. */
export interface Change<Type extends string = string, Data extends object = object> {
  /** The public id of what changed. */
  readonly key: string;
  readonly type: Type;
  /** Raised at each change of the row, from 1. */
  readonly version: number;
  readonly data: Data;
}

/** A change that was appended. */
export type OutboxChange<Told extends Change = Change> = Told & { readonly time: Date };

/**
 * Appends changes, in the order given, by one statement. Call it in the transaction that makes the changes: others learn of
 * both or of neither.
 * @param table with its schema, `users.outbox`; with the columns id, xid, key, type, version, data and created_at
 */
export async function appendToOutbox(
  transaction: SqlWriter,
  table: string,
  changes: readonly Change[],
): Promise<void> {
  if (changes.length === 0) return;
  await transaction.$executeRawUnsafe(
    `INSERT INTO ${table} (key, type, version, data)
    SELECT key, type, version, data
    FROM ROWS FROM (
      jsonb_to_recordset($1::jsonb) AS (key text, type text, version int, data jsonb)
    ) WITH ORDINALITY AS change(key, type, version, data, place)
    ORDER BY place`,
    JSON.stringify(changes),
  );
}

/**
 * Makes the changes of one thing come in their order. Without it two transactions that change the same row are told in the
 * order in which they began to write, and not in that of their commits. To be called in a transaction before it writes or
 * locks any row, as it gets its number then; it holds until the end. Who changes something else does not wait for it.
 * @param key the public id of what will change
 */
export async function lockChangesOf(transaction: SqlReader, table: string, key: string): Promise<void> {
  await transaction.$queryRawUnsafe(
    'SELECT FROM pg_advisory_xact_lock(hashtextextended($1, 0))',
    `${table} ${key}`,
  );
}

/** Reads what `appendToOutbox` appended. */
export const createOutboxFeed = <Told extends Change>(
  sql: SqlReader,
  table: string,
): Feed<OutboxChange<Told>> =>
  createFeed(sql, { table, sequence: 'id', columns: 'key, type, version, data, created_at AS time' });

/**
 * Deletes rows of an outbox that nobody follows but a relay: those up to its position that are older than `days`, a thousand at
 * once. @returns how many it deleted
 */
export const createOutboxPruning =
  (sql: SqlWriter, table: string, days: number) =>
  (upTo: Position): Promise<number> => {
    const { xid, seq } = parsePosition(upTo);
    return Promise.resolve(
      // The oldest first, whatever their age: without an index of it nothing else is quick when there is nothing to delete.
      sql.$executeRawUnsafe(
        `DELETE FROM ${table} WHERE id IN (
          SELECT id FROM (
            SELECT id, created_at FROM ${table} WHERE (xid, id) <= ($1::bigint, $2::bigint) ORDER BY xid, id LIMIT 1000
          ) AS oldest WHERE created_at < now() - make_interval(days => $3::int))`,
        xid,
        seq,
        days,
      ),
    );
  };
