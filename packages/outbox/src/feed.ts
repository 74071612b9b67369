import { beginning, type Position, parsePosition } from './position.ts';

/** What reads rows by SQL: a Prisma client, whichever it was generated from. */
export interface SqlReader {
  $queryRawUnsafe<Rows>(sql: string, ...parameters: unknown[]): PromiseLike<Rows>;
}

/**
 * An append-only table that others follow. It has two columns for that, and an index of both, in this order:
 *
 * - `xid bigint NOT NULL DEFAULT (pg_current_xact_id())::text::bigint`, the transaction that appended the row,
 * - a sequence, `bigserial`, for the order within it.
 *
 * A reader gets a row only when no transaction that could still append in front of it is running: those whose `xid` lies
 * under the horizon of its snapshot, `pg_snapshot_xmin`, in the order of (xid, seq). So who goes on from the last position
 * misses nothing, and writers need no lock and wait for nobody. The price: a transaction that writes and stays open holds
 * back what began after it, for all readers, in all databases of that server; nothing is lost, and reading goes on when it
 * ends. Reads are for the primary.
 *
 * A position holds for one server and its physical copies, as transactions are numbered by it. Into which a dump was
 * restored: `UPDATE <table> SET xid = 0`, and followers begin again.
 */
export interface FeedTable {
  /** With its schema: `playlists.operations`. */
  readonly table: string;
  /** The column of the sequence. */
  readonly sequence: string;
  /** What is read of each row, SQL for a select list: `playlist_id AS "playlistId", created_at AS time`. */
  readonly columns: string;
}

/** Reads an append-only table from a position on. */
export interface Feed<Row> {
  /**
   * What was appended after this position, oldest first, each with its own position. Fewer than `limit` may come although
   * more is on its way; none means that there is nothing yet.
   * @param limit 1 to 1,000
   * @throws RangeError, InvalidPositionError
   */
  readSince(position: Position, limit: number): Promise<(Row & { readonly position: Position })[]>;
  /**
   * The position of the last row that a reader gets now; `beginning` when there is none. Whoever notes it and then reads
   * what the rows tell of has seen all that was appended up to it, and learns the rest from it on.
   */
  lastPosition(): Promise<Position>;
  /** How many rows there are after this position, `atMost` if there are more. */
  countSince(position: Position, atMost: number): Promise<number>;
}

export function createFeed<Row>(sql: SqlReader, { table, sequence, columns }: FeedTable): Feed<Row> {
  const from = `FROM ${table} WHERE xid < pg_snapshot_xmin(pg_current_snapshot())::text::bigint`;
  const position = `xid || '-' || ${sequence} AS position`;
  return {
    async readSince(after, limit) {
      if (!Number.isInteger(limit) || limit < 1 || limit > 1_000)
        throw new RangeError(`limit must be 1..1000, got ${limit}`);
      const { xid, seq } = parsePosition(after);
      return sql.$queryRawUnsafe(
        `SELECT ${columns}, ${position} ${from} AND (xid, ${sequence}) > ($1::bigint, $2::bigint)
        ORDER BY xid, ${sequence} LIMIT $3`,
        xid,
        seq,
        limit,
      );
    },
    async lastPosition() {
      const [last] = await sql.$queryRawUnsafe<{ position: Position }[]>(
        `SELECT ${position} ${from} ORDER BY xid DESC, ${sequence} DESC LIMIT 1`,
      );
      return last?.position ?? beginning;
    },
    async countSince(after, atMost) {
      const { xid, seq } = parsePosition(after);
      const [row] = await sql.$queryRawUnsafe<{ count: number }[]>(
        `SELECT count(*)::int AS count FROM (
          SELECT ${from} AND (xid, ${sequence}) > ($1::bigint, $2::bigint) LIMIT $3) AS waiting`,
        xid,
        seq,
        atMost,
      );
      return row?.count ?? 0;
    },
  };
}
