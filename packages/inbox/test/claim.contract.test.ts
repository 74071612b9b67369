import { randomUUID } from 'node:crypto';
import { type ScratchDatabase, scratchDatabases } from '@medley/testing/scratch-databases';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import {
  type Claim,
  claimEvents,
  type Inbox,
  InboxNotPreparedError,
  inboxTableSql,
  prepareInbox,
} from '../src/index.ts';

const dayMs = 86_400_000;
const now = Date.parse('2026-06-15T12:00:00Z');
const at = (iso: string) => new Date(iso);
const claim = (options: Partial<Claim> = {}): Claim => ({
  id: randomUUID(),
  time: at('2026-06-15T11:59:00Z'),
  content: 'a play of 31 s',
  ...options,
});

describe.each(scratchDatabases)('claiming events on %s', (_, open) => {
  let database: ScratchDatabase;
  let inbox: Inbox;
  beforeAll(async () => {
    database = await open();
    await database.sql.$executeRawUnsafe('CREATE SCHEMA test');
  });
  afterAll(() => database.close());
  beforeEach(async () => {
    inbox = { table: `test.claims_${randomUUID().replaceAll('-', '').slice(0, 12)}`, keepDays: 40 };
    await database.sql.$executeRawUnsafe(inboxTableSql(inbox.table));
    await prepareInbox(database.sql, inbox, now);
  });
  const claimAll = (claims: readonly Claim[], sql = database.sql, when = now) =>
    claimEvents(sql, inbox, claims, when);

  it('gives each once, in the order of the claims', async () => {
    const [one, two, three] = [claim(), claim(), claim()];
    expect(await claimAll([one, two])).toEqual(['new', 'new']);
    expect(await claimAll([two, three, one])).toEqual(['seen', 'new', 'seen']);
    expect(await claimAll([])).toEqual([]);
  });

  it('tells the same id with other content apart', async () => {
    const play = claim();
    const other = { ...play, content: 'a play of 32 s' };
    expect(await claimAll([play])).toEqual(['new']);
    expect(await claimAll([other, play])).toEqual(['other content', 'seen']);
  });

  it('does both within one batch too, also across midnight', async () => {
    const play = claim();
    expect(await claimAll([play, play, { ...play, content: 'another' }])).toEqual([
      'new',
      'seen',
      'other content',
    ]);
    const late = claim({ time: at('2026-06-14T23:58:00Z') });
    const later = { ...late, time: at('2026-06-15T00:01:00Z') };
    expect(await claimAll([late, later, { ...later, content: 'another' }])).toEqual([
      'new',
      'seen',
      'other content',
    ]);
  });

  it('takes ids however they are written', async () => {
    const id = 'ABCDEF01-2345-4789-ABCD-EF0123456789';
    expect(await claimAll([claim({ id }), claim({ id: id.toLowerCase() })])).toEqual(['new', 'seen']);
    expect(await claimAll([claim({ id })])).toEqual(['seen']);
  });

  it('knows an event again when it comes thirty days later', async () => {
    const play = claim();
    expect(await claimAll([play])).toEqual(['new']);
    const later = now + 30 * dayMs;
    await prepareInbox(database.sql, inbox, later);
    expect(await claimAll([play], database.sql, later)).toEqual(['seen']);
  });

  it.each([
    ['2026-06-14T23:59:59.999Z', '2026-06-15T00:00:00.000Z'],
    ['2026-06-15T00:00:00.000Z', '2026-06-14T23:59:59.999Z'],
    ['2026-06-14T23:50:01.000Z', '2026-06-14T23:55:00.000Z'],
    ['2026-06-14T23:54:59.000Z', '2026-06-14T23:59:59.000Z'],
    ['2026-06-15T00:04:00.000Z', '2026-06-14T23:59:30.000Z'],
    ['2026-06-15T00:05:00.001Z', '2026-06-15T00:00:00.001Z'],
  ])(
    'knows it again when its time differs by minutes from one telling to the next, also around midnight: %s, %s',
    async (first, second) => {
      const play = claim({ time: at(first) });
      expect(await claimAll([play])).toEqual(['new']);
      expect(await claimAll([{ ...play, time: at(second) }])).toEqual(['seen']);
      expect(await claimAll([{ ...play, time: at(second), content: 'another' }])).toEqual(['other content']);
    },
  );

  it('refuses what is too old to be known, or too far ahead, and claims the rest', async () => {
    const old = claim({ time: new Date(now - 41 * dayMs) });
    const ahead = claim({ time: new Date(now + 3 * dayMs) });
    const oldest = claim({ time: new Date(now - 40 * dayMs) });
    const tomorrow = claim({ time: new Date(now + dayMs) });
    expect(await claimAll([old, ahead, oldest, tomorrow])).toEqual(['expired', 'future', 'new', 'new']);
  });

  it('says when its partitions are missing, which passes', async () => {
    const nextWeek = now + 7 * dayMs;
    const claimed = claimAll([claim({ time: new Date(nextWeek) })], database.sql, nextWeek);
    await expect(claimed).rejects.toThrow(InboxNotPreparedError);
    await expect(claimed).rejects.toMatchObject({ transient: true });
    await prepareInbox(database.sql, inbox, nextWeek);
    expect(await claimAll([claim({ time: new Date(nextWeek) })], database.sql, nextWeek)).toEqual(['new']);
  });

  it('asks the database twice at most', async () => {
    let statements = 0;
    const counted: typeof database.sql = {
      $queryRawUnsafe: (sql, ...parameters) => {
        statements += 1;
        return database.sql.$queryRawUnsafe(sql, ...parameters);
      },
      $executeRawUnsafe: database.sql.$executeRawUnsafe,
    };
    const claims = Array.from({ length: 500 }, () => claim());
    await claimAll(claims, counted);
    expect(statements).toBe(1);
    expect(await claimAll(claims, counted)).toEqual(claims.map(() => 'seen'));
    expect(statements).toBe(3);
  });

  it('forgets claims that are rolled back', async ({ skip }) => {
    const transaction = await database.begin();
    skip(transaction === null, 'one connection');
    if (!transaction) return;
    const play = claim();
    expect(await claimAll([play], transaction)).toEqual(['new']);
    await transaction.rollback();
    expect(await claimAll([play])).toEqual(['new']);
  });

  it('gives an id to one of two transactions: the other waits, and has seen it', async ({ skip }) => {
    const [first, second] = [await database.begin(), await database.begin()];
    skip(!first || !second, 'one connection');
    if (!first || !second) return;
    const [one, two, three] = [claim(), claim(), claim()];
    expect(await claimAll([one, two], first)).toEqual(['new', 'new']);
    const waiting = claimAll([three, { ...two, content: 'another' }, one], second);
    const meanwhile = await Promise.race([
      waiting,
      new Promise((resolve) => setTimeout(resolve, 200, 'waits')),
    ]);
    expect(meanwhile).toBe('waits');
    await first.commit();
    expect(await waiting).toEqual(['new', 'other content', 'seen']);
    await second.commit();
  });

  it('gives it to the other when the first rolls back', async ({ skip }) => {
    const [first, second] = [await database.begin(), await database.begin()];
    skip(!first || !second, 'one connection');
    if (!first || !second) return;
    const play = claim();
    await claimAll([play], first);
    const waiting = claimAll([play], second);
    await first.rollback();
    expect(await waiting).toEqual(['new']);
    await second.commit();
  });

  it('lets no two transactions wait for each other, whatever the order of their ids', async ({ skip }) => {
    const probe = await database.begin();
    skip(!probe, 'one connection');
    await probe?.rollback();
    for (let round = 0; round < 10; round++) {
      const claims = Array.from({ length: 100 }, () => claim());
      const outcomes = await Promise.all(
        [claims, claims.toReversed(), claims].map(async (mine) => {
          const transaction = await database.begin();
          const got = await claimAll(mine, transaction ?? undefined);
          await transaction?.commit();
          return got.filter((outcome) => outcome === 'new').length;
        }),
      );
      expect(outcomes.reduce((sum, count) => sum + count)).toBe(100);
    }
  });

  describe('an inbox that is kept prepared', () => {
    const partitions = async () => {
      const rows = await database.sql.$queryRawUnsafe<{ name: string }[]>(
        'SELECT child.relname AS name FROM pg_inherits JOIN pg_class child ON child.oid = inhrelid WHERE inhparent = $1::regclass ORDER BY 1',
        inbox.table,
      );
      return rows.map(({ name }) => name.slice(-8));
    };

    it('has a partition for each day that counts, and two ahead', async () => {
      const days = await partitions();
      expect(days).toHaveLength(43);
      expect([days[0], days.at(-1)]).toEqual(['20260506', '20260617']);
      await prepareInbox(database.sql, inbox, now);
      expect(await partitions()).toEqual(days);
    });

    it('gets new ones and loses those that are too old, with what they held', async () => {
      await claimAll([claim({ time: new Date(now - 40 * dayMs) })]);
      await prepareInbox(database.sql, inbox, now + 5 * dayMs);
      const days = await partitions();
      expect([days[0], days.at(-1)]).toEqual(['20260510', '20260622']);
      const [count] = await database.sql.$queryRawUnsafe<{ count: number }[]>(
        `SELECT count(*)::int AS count FROM ${inbox.table}`,
      );
      expect(count).toEqual({ count: 0 });
    });

    it('may be prepared by several at once', async () => {
      const later = now + 3 * dayMs;
      await Promise.all([1, 2, 3].map(() => prepareInbox(database.sql, inbox, later)));
      expect((await partitions()).at(-1)).toBe('20260620');
    });

    it('lets others claim while a new day is made', async ({ skip }) => {
      const transaction = await database.begin();
      skip(!transaction, 'one connection');
      if (!transaction) return;
      await claimAll([claim()], transaction);
      await prepareInbox(database.sql, inbox, now + dayMs);
      await transaction.commit();
      expect((await partitions()).at(-1)).toBe('20260618');
    });
  });

  it('takes no name that could be more than one', async () => {
    for (const table of ['claims', 'test.claims; DROP TABLE x', 'Test.Claims', 'a.b.c'])
      expect(() => inboxTableSql(table)).toThrow(RangeError);
  });
});
