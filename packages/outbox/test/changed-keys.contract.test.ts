import { type ScratchDatabase, scratchDatabases } from '@medley/testing/scratch-databases';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { appendToOutbox, beginning, type Position, readChangedKeys } from '../src/index.ts';

const table = 'outbox';

describe.each(scratchDatabases)('keys that changed on %s', (_, open) => {
  let database: ScratchDatabase;
  beforeAll(async () => {
    database = await open();
    await database.sql.$executeRawUnsafe(`CREATE TABLE outbox (
      id bigserial PRIMARY KEY, xid bigint NOT NULL DEFAULT (pg_current_xact_id())::text::bigint,
      key text NOT NULL, type text NOT NULL, version int NOT NULL, data jsonb NOT NULL,
      created_at timestamptz NOT NULL DEFAULT now())`);
  });
  afterAll(() => database?.close());
  beforeEach(() => database.sql.$executeRawUnsafe('TRUNCATE outbox RESTART IDENTITY'));

  const append = (...keys: string[]) =>
    appendToOutbox(
      database.sql,
      table,
      keys.map((key) => ({ key, type: 'Changed', version: 1, data: {} })),
    );
  const read = (after: Position, limit = 1_000) => readChangedKeys(database.sql, table, after, limit);
  /** Others work on the same server, and what they have open holds the position back for a while. */
  async function settledPosition(): Promise<Position> {
    const { position: last } = (
      await database.sql.$queryRawUnsafe<{ position: Position }[]>(
        "SELECT xid || '-' || id AS position FROM outbox ORDER BY xid DESC, id DESC LIMIT 1",
      )
    )[0] as { position: Position };
    await expect.poll(async () => (await read(beginning)).position, { timeout: 20_000 }).toBe(last);
    return last;
  }

  it('are told once each, and none after the last position', async () => {
    expect(await read(beginning)).toEqual({ keys: [], position: beginning, hasMore: false, reset: false });
    await append('a', 'b', 'a');
    expect(await read(beginning)).toMatchObject({ keys: ['a', 'b'], hasMore: false, reset: false });
    const position = await settledPosition();
    expect(await read(position)).toEqual({ keys: [], position, hasMore: false, reset: false });
  });

  it('are told page by page', async () => {
    for (const key of ['a', 'b', 'c']) await append(key);
    await settledPosition();
    const first = await read(beginning, 2);
    expect(first).toMatchObject({ keys: ['a', 'b'], hasMore: true });
    expect(await read(first.position, 2)).toMatchObject({ keys: ['c'], hasMore: false });
  });

  it('are not told from a position of a later time than the database: who has it begins anew', async () => {
    await append('a');
    const position = await settledPosition();
    // A transaction that there has not been yet, as after the database was restored to an earlier point in time.
    const [now] = await database.sql.$queryRawUnsafe<{ next: number }[]>(
      'SELECT pg_snapshot_xmax(pg_current_snapshot())::text::int + 1000000 AS next',
    );
    for (const ahead of [`${now?.next}-1`, `${'9'.repeat(18)}-1`])
      expect(await read(ahead)).toEqual({ keys: [], position, hasMore: false, reset: true });
    await append('b');
    expect(await read(position)).toMatchObject({ keys: ['b'], reset: false });
  });

  it('begin at the beginning for who comes from another database to one without any', async () => {
    expect(await read(`${'9'.repeat(18)}-1`)).toEqual({
      keys: [],
      position: beginning,
      hasMore: false,
      reset: true,
    });
  });

  it.each([0, 1_001, 1.5])('are not read %d at a time', async (limit) => {
    await expect(read(beginning, limit)).rejects.toThrow('limit must be 1..1000');
  });
});
