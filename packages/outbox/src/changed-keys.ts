import type { SqlReader } from './feed.ts';
import { createOutboxFeed } from './outbox.ts';
import { type Position, parsePosition } from './position.ts';

/** What changed after a position. */
export interface ChangedKeys {
  /** Each once. */
  readonly keys: readonly string[];
  /** To go on from; the one that was asked for when nothing is behind it yet for good. */
  readonly position: Position;
  /** Whether `limit` left some out. When the position stays as well they cannot be told now: ask again later. */
  readonly hasMore: boolean;
  /**
   * Whether the position that was asked for is not of this database's past, as after a restoration to an earlier point in time:
   * forget all that was read before. No keys come then, and the position is where it stands now.
   */
  readonly reset: boolean;
}

/**
 * Tells the keys of **all** changes that were committed when it was called, for caches that must not be wrong for long. A feed
 * holds back what a transaction that is still running may come in front of; this does not, and tells such changes again until
 * they are settled, because the position stays in front of them. The order means nothing.
 * @param table as for `appendToOutbox`; read at the primary
 * @param limit how many changes are looked at, 1 to 1,000
 * @throws RangeError, InvalidPositionError
 */
export async function readChangedKeys(
  sql: SqlReader,
  table: string,
  after: Position,
  limit: number,
): Promise<ChangedKeys> {
  if (!Number.isInteger(limit) || limit < 1 || limit > 1_000)
    throw new RangeError(`limit must be 1..1000, got ${limit}`);
  const { xid, seq } = parsePosition(after);
  // One row at least, which tells whether the position is of the past: those that are given out lie under xmin, which only grows.
  const found = await sql.$queryRawUnsafe<({ reset: boolean } & (Row | { key: null }))[]>(
    `SELECT reset, key, xid || '-' || id AS position, xid < pg_snapshot_xmin(pg_current_snapshot())::text::bigint AS settled
    FROM (SELECT $1::bigint >= pg_snapshot_xmax(pg_current_snapshot())::text::bigint AS reset) AS asked
    LEFT JOIN (
      SELECT key, xid, id FROM ${table} WHERE (xid, id) > ($1::bigint, $2::bigint) ORDER BY xid, id LIMIT $3
    ) AS changed ON true
    ORDER BY xid, id`,
    xid,
    seq,
    limit,
  );
  if (found[0]?.reset) {
    const position = await createOutboxFeed(sql, table).lastPosition();
    return { keys: [], position, hasMore: false, reset: true };
  }
  const rows = found.filter((row) => row.key !== null);
  return {
    keys: [...new Set(rows.map(({ key }) => key))],
    position: rows.findLast(({ settled }) => settled)?.position ?? after,
    hasMore: rows.length === limit,
    reset: false,
  };
}

interface Row {
  readonly key: string;
  readonly position: Position;
  readonly settled: boolean;
}
