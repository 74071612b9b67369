import {
  type OpenTransaction,
  type ScratchDatabase,
  scratchDatabases,
} from '@medley/testing/scratch-databases';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import {
  appendToOutbox,
  beginning,
  type Change,
  createFeed,
  createOutboxFeed,
  type Feed,
  InvalidPositionError,
  lockChangesOf,
  type OutboxChange,
  type Position,
  type SqlWriter,
} from '../src/index.ts';

const table = 'outbox';
const change = (key: string): Change => ({ key, type: 'Changed', version: 1, data: { key } });

describe.each(scratchDatabases)('an outbox on %s', (server, open) => {
  let database: ScratchDatabase;
  let feed: Feed<OutboxChange>;
  const append = (sql: SqlWriter, ...keys: string[]) => appendToOutbox(sql, table, keys.map(change));

  beforeAll(async () => {
    database = await open();
    await database.sql.$executeRawUnsafe(`CREATE TABLE outbox (
      id bigserial PRIMARY KEY, xid bigint NOT NULL DEFAULT (pg_current_xact_id())::text::bigint,
      key text NOT NULL, type text NOT NULL, version int NOT NULL, data jsonb NOT NULL,
      created_at timestamptz NOT NULL DEFAULT now())`);
    await database.sql.$executeRawUnsafe('CREATE INDEX ON outbox (xid, id)');
    feed = createOutboxFeed(database.sql, table);
  });
  afterAll(() => database?.close());
  beforeEach(() => database.sql.$executeRawUnsafe('TRUNCATE outbox RESTART IDENTITY'));

  const read = async (position: Position, limit = 1_000) =>
    (await feed.readSince(position, limit)).map(({ key }) => key);
  /** Others work on the same server, and what they have open holds readers back for a while. */
  const expectKeys = (position: Position, limit = 1_000) =>
    expect.poll(() => read(position, limit), { timeout: 20_000, interval: 20 });
  /** A follower: it goes on from its last position, and remembers all that it got. */
  function follow() {
    const seen: string[] = [];
    let position = beginning;
    return {
      seen,
      async poll(limit = 1_000) {
        const rows = await feed.readSince(position, limit);
        seen.push(...rows.map(({ key }) => key));
        position = rows.at(-1)?.position ?? position;
        return seen;
      },
    };
  }

  it('gives changes back in the order in which they were appended, as they were', async () => {
    await append(database.sql, 'b', 'a');
    await appendToOutbox(database.sql, table, [
      { key: 'c', type: 'Deleted', version: 7, data: { deep: [{ text: `it's "ä" \\ 💿` }] } },
    ]);
    await append(database.sql);
    await expectKeys(beginning).toEqual(['b', 'a', 'c']);
    expect((await feed.readSince(beginning, 3))[2]).toEqual({
      key: 'c',
      type: 'Deleted',
      version: 7,
      data: { deep: [{ text: `it's "ä" \\ 💿` }] },
      time: expect.any(Date),
      position: expect.stringMatching(/^\d+-3$/),
    });
  });

  it('goes on after any position, in pages', async () => {
    for (const key of ['a', 'b', 'c', 'd']) await append(database.sql, key, `${key}2`);
    await expectKeys(beginning).toHaveLength(8);
    const all = await feed.readSince(beginning, 1_000);
    for (const [index, { position }] of all.entries())
      expect(await read(position, 2)).toEqual(all.slice(index + 1, index + 3).map(({ key }) => key));
  });

  it('has a last position, after which there is nothing yet', async () => {
    expect(await feed.lastPosition()).toBe(beginning);
    await append(database.sql, 'a', 'b');
    await expectKeys(beginning).toEqual(['a', 'b']);
    const last = await feed.lastPosition();
    expect(last).toBe((await feed.readSince(beginning, 10))[1]?.position);
    expect(await read(last)).toEqual([]);
    await append(database.sql, 'c');
    await expectKeys(last).toEqual(['c']);
  });

  it('takes ids from before there were transactions in it for positions', async () => {
    await database.sql.$executeRawUnsafe(`INSERT INTO outbox (xid, key, type, version, data)
      SELECT 0, 'old' || n, 'Changed', 1, '{}' FROM generate_series(1, 3) n`);
    await append(database.sql, 'new');
    await expectKeys('0').toEqual(['old1', 'old2', 'old3', 'new']);
    expect(await read('2')).toEqual(['old3', 'new']);
    expect(await read('0-3')).toEqual(['new']);
  });

  it.each(['', 'x', '-1', '1-', '1-2-3', ' 1', '1.5', '9'.repeat(19), `1-${'9'.repeat(19)}`, '1-2\n'])(
    'refuses %j as a position',
    async (position) => {
      await expect(feed.readSince(position, 1)).rejects.toThrow(InvalidPositionError);
    },
  );

  it.each([0, -1, 1.5, 1_001, Number.NaN])('refuses a limit of %d', async (limit) => {
    await expect(feed.readSince(beginning, limit)).rejects.toThrow('limit must be 1..1000');
  });

  it('reads tables of other columns too', async () => {
    await database.sql.$executeRawUnsafe(`CREATE TABLE operations (
      seq bigserial PRIMARY KEY, xid bigint NOT NULL DEFAULT (pg_current_xact_id())::text::bigint, playlist text)`);
    const operations = createFeed<{ playlistId: string }>(database.sql, {
      table: 'operations',
      sequence: 'seq',
      columns: 'playlist AS "playlistId"',
    });
    await database.sql.$executeRawUnsafe(`INSERT INTO operations (playlist) VALUES ('one'), ('other')`);
    await expect
      .poll(() => operations.readSince(beginning, 10), { timeout: 20_000 })
      .toEqual([
        { playlistId: 'one', position: expect.stringMatching(/^\d+-1$/) },
        { playlistId: 'other', position: expect.stringMatching(/^\d+-2$/) },
      ]);
  });

  // PGlite has one connection: its transactions come one after the other.
  if (server === 'PGlite') return;

  describe('whose writers overlap', () => {
    const begun: OpenTransaction[] = [];
    const begin = async () => {
      const transaction = (await database.begin()) as OpenTransaction;
      begun.push(transaction);
      return transaction;
    };
    // What a failed test left open would hold back the others.
    afterEach(() => Promise.all(begun.splice(0).map((transaction) => transaction.rollback())));

    it('lets no reader pass what commits in the reverse order', async () => {
      const follower = follow();
      const [first, second, third] = [await begin(), await begin(), await begin()];
      // Transactions get their numbers as they write, in this order.
      await append(first, 'first');
      await append(second, 'second');
      await append(third, 'third');
      await third.commit();
      expect(await follower.poll()).toEqual([]);
      expect(await feed.lastPosition()).toBe(beginning);
      await second.commit();
      expect(await follower.poll()).toEqual([]);
      await first.commit();
      await expect.poll(() => follower.poll(), { timeout: 20_000 }).toEqual(['first', 'second', 'third']);
    });

    it('waits for a transaction that stays open, loses nothing, and gives what came before it', async () => {
      const follower = follow();
      await append(database.sql, 'before');
      await expect.poll(() => follower.poll(), { timeout: 20_000 }).toEqual(['before']);
      const long = await begin();
      await append(long, 'long');
      for (const key of ['a', 'b', 'c']) await append(database.sql, key);
      expect(await follower.poll()).toEqual(['before']);
      await append(long, 'long again');
      expect(await follower.poll()).toEqual(['before']);
      await long.commit();
      await expect
        .poll(() => follower.poll(), { timeout: 20_000 })
        .toEqual(['before', 'long', 'long again', 'a', 'b', 'c']);
    });

    it('goes on after a transaction that was rolled back', async () => {
      const follower = follow();
      const lost = await begin();
      await append(lost, 'lost');
      await append(database.sql, 'kept');
      expect(await follower.poll()).toEqual([]);
      await lost.rollback();
      await expect.poll(() => follower.poll(), { timeout: 20_000 }).toEqual(['kept']);
    });

    it('is not held back by one who only reads', async () => {
      const reader = await begin();
      await reader.$queryRawUnsafe('SELECT count(*) FROM outbox');
      await append(database.sql, 'a');
      await expectKeys(beginning).toEqual(['a']);
      await reader.commit();
    });

    it('tells changes of one thing in their order to those who lock it first', async () => {
      const write = async (version: number) => {
        const transaction = await begin();
        await lockChangesOf(transaction, table, 'one');
        const before = await transaction.$queryRawUnsafe<unknown[]>('SELECT FROM outbox');
        await appendToOutbox(transaction, table, [{ ...change('one'), version: before.length + 1 }]);
        await new Promise((resolve) => setTimeout(resolve, (version * 7) % 5));
        await transaction.commit();
      };
      const versions = Array.from({ length: 30 }, (_, index) => index + 1);
      await Promise.all(versions.map(write));
      await expectKeys(beginning).toHaveLength(30);
      const rows = await feed.readSince(beginning, 100);
      expect(rows.map(({ version }) => version)).toEqual(versions);
    });

    it('shows followers each change once, whatever the order of many commits', async () => {
      const followers = [follow(), follow(), follow()];
      const writers = Array.from({ length: 6 }, (_, writer) => writer);
      let writing = true;
      const write = async (writer: number) => {
        for (let n = 0; n < 25; n += 1) {
          const transaction = await begin();
          await append(transaction, `${writer}/${n}/1`);
          await new Promise((resolve) => setTimeout(resolve, Math.random() * 8));
          await append(transaction, `${writer}/${n}/2`);
          await (n % 5 === 4 ? transaction.rollback() : transaction.commit());
        }
      };
      const followAll = async () => {
        while (writing) for (const follower of followers) await follower.poll(7);
      };
      const following = followAll();
      await Promise.all(writers.map(write));
      writing = false;
      await following;
      const expected = writers
        .flatMap((writer) => Array.from({ length: 25 }, (_, n) => [writer, n] as const))
        .filter(([, n]) => n % 5 !== 4)
        .flatMap(([writer, n]) => [`${writer}/${n}/1`, `${writer}/${n}/2`]);
      for (const follower of followers) {
        await expect.poll(() => follower.poll(), { timeout: 20_000 }).toHaveLength(expected.length);
        expect(follower.seen.toSorted()).toEqual(expected.toSorted());
        expect(follower.seen).toEqual(followers[0]?.seen);
      }
    });
  });
});
