import type { SqlWriter } from './outbox.ts';
import { beginning, type Position } from './position.ts';

/** How far relays have come, and what they were asked to send again. Each by its topic, `users.changed.v1`. */
export interface RelayStore {
  /** After what a relay goes on. */
  readPosition(topic: string): Promise<Position>;
  /** Goes on from one position to the next. @returns false when it was another one: somebody else has moved it */
  advance(topic: string, from: Position, to: Position): Promise<boolean>;
  /** Goes back, whatever the position is now: all that comes after this one is sent again. */
  rewind(topic: string, to: Position): Promise<void>;
  /** The last one that was asked for. */
  findRepublication(topic: string): Promise<Republication | null>;
  /** Asks to send all states after this key again, in place of what was asked for before. */
  requestRepublication(topic: string, request: { id: string; after: string | null }): Promise<void>;
  /**
   * Notes how many were sent, and after what to go on; null when that was all. Nothing happens when this one is not asked for
   * any more.
   */
  noteRepublished(topic: string, id: string, sent: { after: string | null; count: number }): Promise<void>;
  cancelRepublication(topic: string, id: string): Promise<void>;
}

/** All states sent once more. */
export interface Republication {
  /** UUID */
  readonly id: string;
  /** The key of the last state that was sent; null before the first. */
  readonly after: string | null;
  /** States that were sent. */
  readonly published: number;
  readonly finished: boolean;
}

/** In the tables `relay_positions` and `republications` of this schema. */
export function createRelayStore(sql: SqlWriter, schema: string): RelayStore {
  const positions = `${schema}.relay_positions`;
  const republications = `${schema}.republications`;
  return {
    async readPosition(topic) {
      const [row] = await sql.$queryRawUnsafe<{ position: Position }[]>(
        `SELECT position FROM ${positions} WHERE topic = $1`,
        topic,
      );
      return row?.position ?? beginning;
    },

    async advance(topic, from, to) {
      const moved = await sql.$queryRawUnsafe<unknown[]>(
        `INSERT INTO ${positions} AS at (topic, position, moved_at) SELECT $1::text, $3::text, now()
        WHERE $2::text = '${beginning}' OR EXISTS (SELECT FROM ${positions} WHERE topic = $1)
        ON CONFLICT (topic) DO UPDATE SET position = excluded.position, moved_at = excluded.moved_at
        WHERE at.position = $2 RETURNING topic`,
        topic,
        from,
        to,
      );
      return moved.length === 1;
    },

    async rewind(topic, to) {
      await sql.$executeRawUnsafe(
        `UPDATE ${positions} SET position = $2, moved_at = now() WHERE topic = $1`,
        topic,
        to,
      );
    },

    async findRepublication(topic) {
      const [row] = await sql.$queryRawUnsafe<Republication[]>(
        `SELECT id, after, published::float8, finished_at IS NOT NULL AS finished FROM ${republications} WHERE topic = $1`,
        topic,
      );
      return row ?? null;
    },

    async requestRepublication(topic, { id, after }) {
      await sql.$executeRawUnsafe(
        `INSERT INTO ${republications} (topic, id, after, published, requested_at) VALUES ($1, $2::uuid, $3::text, 0, now())
        ON CONFLICT (topic) DO UPDATE SET id = excluded.id, after = excluded.after, published = 0,
          requested_at = excluded.requested_at, finished_at = NULL`,
        topic,
        id,
        after,
      );
    },

    async noteRepublished(topic, id, { after, count }) {
      await sql.$executeRawUnsafe(
        `UPDATE ${republications} SET after = coalesce($3::text, after), published = published + $4::int,
          finished_at = CASE WHEN $3::text IS NULL THEN now() END
        WHERE topic = $1 AND id = $2::uuid`,
        topic,
        id,
        after,
        count,
      );
    },

    async cancelRepublication(topic, id) {
      await sql.$executeRawUnsafe(
        `DELETE FROM ${republications} WHERE topic = $1 AND id = $2::uuid AND finished_at IS NULL`,
        topic,
        id,
      );
    },
  };
}
