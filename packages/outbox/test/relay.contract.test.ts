import { UnknownTopicError } from '@medley/event-log';
import { stateEventUuid } from '@medley/ids';
import { createMetrics } from '@medley/service';
import { openTestEventLog, type TestEventLog } from '@medley/testing/event-log';
import { type ScratchDatabase, scratchDatabases } from '@medley/testing/scratch-databases';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createOutboxPruning, createRelayStore, type Relay, republishStates } from '../src/index.ts';
import { append, createTables, relayOptions, startRelay, thing, things } from './relay-world.ts';

describe.each(scratchDatabases)('a relay on %s', (server, open) => {
  let database: ScratchDatabase;
  let log: TestEventLog;
  const relays: Relay[] = [];

  beforeAll(async () => {
    database = await open();
    await createTables(database.sql);
  });
  afterAll(() => database?.close());
  beforeEach(async () => {
    await database.sql.$executeRawUnsafe(
      'TRUNCATE things.outbox, things.things, things.relay_positions, things.republications RESTART IDENTITY',
    );
    log = await openTestEventLog();
  });
  afterEach(async () => {
    for (const relay of relays.splice(0)) await relay.stop();
    await log.close();
  });

  function start(
    more: Parameters<typeof relayOptions>[2] = {},
    on: Pick<ScratchDatabase, 'sql' | 'tryHold'> = database,
  ) {
    const relay = startRelay(on, log.log, more);
    relays.push(relay);
    return relay;
  }
  const told = async () =>
    (await log.read(things.name)).map(
      ({ key, event }) => `${key} ${event ? event.data.stateVersion : 'gone'}`,
    );
  /** Others work on the same server, and what they have open holds readers back for a while. */
  const patience = { timeout: 45_000, interval: 20 };
  const expectTold = () => expect.poll(told, patience);
  /** For a relay that ends by itself, and would not wait for them. */
  const untilNobodyHoldsBack = () =>
    expect
      .poll(
        () =>
          database.sql.$queryRawUnsafe(
            'SELECT id FROM things.outbox WHERE xid >= pg_snapshot_xmin(pg_current_snapshot())::text::bigint',
          ),
        patience,
      )
      .toEqual([]);
  const readMetric = async (metrics: ReturnType<typeof createMetrics>, name: string) =>
    (await metrics.registry.getSingleMetric(name)?.get())?.values[0]?.value;

  it('puts each change into its topic as it was committed', async () => {
    start();
    await append(database.sql, thing('a', 1, `it's "ä" 💿`));
    await expectTold().toEqual(['a 1']);
    const [row] = await database.sql.$queryRawUnsafe<{ time: Date }[]>(
      'SELECT created_at AS time FROM things.outbox',
    );
    expect(await log.read(things.name)).toEqual([
      {
        key: 'a',
        event: {
          id: stateEventUuid(things.name, 'a', 1),
          type: 'ThingChanged',
          version: 1,
          source: 'test',
          time: row?.time.toISOString(),
          key: 'a',
          data: { id: 'a', text: `it's "ä" 💿`, stateVersion: 1 },
        },
      },
    ]);
  });

  it('keeps the order of each key, over many pages and starts', async () => {
    const keys = ['a', 'b', 'c', 'd'];
    for (let version = 1; version <= 300; version++)
      await append(database.sql, ...keys.map((key) => thing(key, version)));
    start();
    await expectTold().toHaveLength(1_200);
    await relays.pop()?.stop();
    await append(database.sql, ...keys.map((key) => thing(key, 301)));
    start();
    await expectTold().toHaveLength(1_204);
    const all = await told();
    for (const key of keys)
      expect(all.filter((one) => one.startsWith(key))).toEqual(
        Array.from({ length: 301 }, (_, index) => `${key} ${index + 1}`),
      );
  });

  it('says of what is deleted that it was, and then forgets it', async () => {
    await append(database.sql, thing('a', 1), {
      key: 'a',
      type: 'ThingDeleted',
      version: 2,
      data: { id: 'a' },
    });
    start();
    await expectTold().toEqual(['a 1', 'a 2', 'a gone']);
  });

  it('waits for a log that is away, tells so, and loses nothing; writers go on', async () => {
    const metrics = createMetrics();
    log.setAway(true);
    const relay = start({ metrics });
    expect(relay.findDegraded()).toEqual([]);
    await append(database.sql, thing('a', 1));
    await expect.poll(relay.findDegraded, patience).toEqual(['test.things.v1 lags behind: the log is away']);
    await append(database.sql, thing('a', 2), thing('b', 1));
    await expect.poll(() => readMetric(metrics, 'medley_relay_lag_seconds')).toBeGreaterThan(0);
    await expect.poll(() => readMetric(metrics, 'medley_relay_lag_rows'), patience).toBeGreaterThanOrEqual(1);
    log.setAway(false);
    await expectTold().toHaveLength(3);
    await expect.poll(relay.findDegraded).toEqual([]);
    expect((await told()).filter((one) => one.startsWith('a'))).toEqual(['a 1', 'a 2']);
    await expect.poll(() => readMetric(metrics, 'medley_relay_lag_seconds')).toBe(0);
    expect(await readMetric(metrics, 'medley_relay_published_total')).toBe(3);
    expect(await readMetric(metrics, 'medley_relay_failures_total')).toBeGreaterThan(0);
  });

  it('leaves out what no log will take, counts it, and goes on', async () => {
    const metrics = createMetrics();
    await append(
      database.sql,
      { key: 'a', type: 'ThingLost', version: 1, data: {} },
      { key: 'b', type: 'ThingChanged', version: 1, data: { id: 'b' } },
      thing('c', 1, 'x'.repeat(1_100_000)),
      thing('d', 1),
    );
    start({ metrics });
    await expectTold().toEqual(['d 1']);
    expect(await readMetric(metrics, 'medley_relay_refused_total')).toBe(3);
  });

  it('makes its topic anew when that is gone', async () => {
    let made = 0;
    let isThere = false;
    const { append: appendTo, admin } = log.log;
    const mortal: typeof log.log = {
      ...log.log,
      async append(topic, records) {
        if (!isThere) throw new UnknownTopicError(topic);
        return appendTo(topic, records);
      },
      admin: {
        ...admin,
        async ensureTopics(topics) {
          await admin.ensureTopics(topics);
          made += 1;
          isThere = true;
        },
      },
    };
    relays.push(startRelay(database, mortal));
    await append(database.sql, thing('a', 1));
    await expectTold().toEqual(['a 1']);
    isThere = false;
    await append(database.sql, thing('a', 2));
    await expectTold().toEqual(['a 1', 'a 2']);
    expect(made).toBe(2);
  });

  it('is one at a time, and another takes over where it ended', async () => {
    const first = createMetrics();
    const second = createMetrics();
    const one = start({ metrics: first });
    await expect.poll(() => readMetric(first, 'medley_relay_active')).toBe(1);
    start({ metrics: second });
    await append(database.sql, thing('a', 1));
    await expectTold().toEqual(['a 1']);
    expect(await readMetric(second, 'medley_relay_active')).toBe(0);
    await one.stop();
    await append(database.sql, thing('a', 2));
    await expectTold().toEqual(['a 1', 'a 2']);
    expect(await readMetric(second, 'medley_relay_active')).toBe(1);
    expect(await readMetric(second, 'medley_relay_published_total')).toBe(1);
  });

  it('goes on from where somebody has moved its position', async () => {
    await append(database.sql, thing('a', 1), thing('b', 1));
    start();
    await expectTold().toHaveLength(2);
    await createRelayStore(database.sql, 'things').rewind(things.name, '0');
    await append(database.sql, thing('b', 2));
    await expect
      .poll(async () => [...(await told())].sort(), patience)
      .toEqual(['a 1', 'a 1', 'b 1', 'b 1', 'b 2', 'b 2']);
    const ids = (await log.read(things.name)).map(({ event }) => event?.id);
    expect(new Set(ids).size).toBe(3);
  });

  it('looks at once when it is told that something was committed', async () => {
    const metrics = createMetrics();
    const relay = start({ everyMs: 60_000, metrics });
    await expect.poll(() => readMetric(metrics, 'medley_relay_caught_up_seconds')).toBeGreaterThan(0);
    await append(database.sql, thing('a', 1));
    await expect
      .poll(
        () => {
          relay.nudge();
          return told();
        },
        { timeout: 20_000, interval: 100 },
      )
      .toEqual(['a 1']);
  });

  it('deletes rows that are published and old, and no others', async () => {
    const prune = createOutboxPruning(database.sql, 'things.outbox', 30);
    await append(database.sql, thing('a', 1), thing('b', 1), thing('c', 1), thing('d', 1));
    await database.sql.$executeRawUnsafe(
      `UPDATE things.outbox SET created_at = now() - interval '31 days' WHERE key IN ('a', 'b', 'd')`,
    );
    const [c] = await database.sql.$queryRawUnsafe<{ position: string }[]>(
      `SELECT xid || '-' || id AS position FROM things.outbox WHERE key = 'c'`,
    );
    expect(await prune('0')).toBe(0);
    await prune(c?.position as string);
    const left = await database.sql.$queryRawUnsafe<{ key: string }[]>(
      'SELECT key FROM things.outbox ORDER BY id',
    );
    expect(left).toEqual([{ key: 'c' }, { key: 'd' }]);
  });

  describe('sends states again', () => {
    const count = 1_200;
    const ids = Array.from({ length: count }, (_, index) => `t${String(index).padStart(5, '0')}`);
    beforeEach(() =>
      database.sql.$executeRawUnsafe(
        `INSERT INTO things.things SELECT id, id || ' as of 3', 3 FROM unnest($1::text[]) AS id`,
        ids,
      ),
    );

    it('all, without any that runs, with the ids of the events that told them first', async () => {
      await append(database.sql, thing('t00007', 3));
      await untilNobodyHoldsBack();
      const progress: number[] = [];
      const sent = await republishStates(relayOptions(database, log.log), {
        onProgress: ({ published }) => progress.push(published),
      });
      expect(sent).toEqual({ published: count, after: ids.at(-1), finished: true });
      expect(progress.at(-1)).toBe(count);
      await expectTold().toHaveLength(count + 1);
      const events = (await log.read(things.name)).filter(({ key }) => key === 't00007');
      expect(events).toHaveLength(2);
      const [first, again] = events.map(({ event }) => event);
      expect({ ...first, time: '' }).toEqual({ ...again, time: '' });
    });

    it('through the relay that runs, after the key that is given', async () => {
      start();
      const sent = await republishStates(relayOptions(database, log.log), { from: 't01000' });
      expect(sent).toEqual({ published: 199, after: ids.at(-1), finished: true });
      await expectTold().toHaveLength(199);
    });

    it('until it is called off', async () => {
      log.setAway(true);
      const calling = new AbortController();
      const sending = republishStates(relayOptions(database, log.log), { signal: calling.signal });
      setTimeout(() => calling.abort(), 200);
      expect(await sending).toEqual({ published: 0, after: null, finished: false });
      log.setAway(false);
      start();
      await append(database.sql, thing('a', 1));
      await expectTold().toEqual(['a 1']);
    });

    it('from where it was interrupted', async () => {
      const store = createRelayStore(database.sql, 'things');
      const id = crypto.randomUUID();
      await store.requestRepublication(things.name, { id, after: null });
      await store.noteRepublished(things.name, id, { after: 't00499', count: 500 });
      expect(await republishStates(relayOptions(database, log.log), {})).toEqual({
        published: count,
        after: ids.at(-1),
        finished: true,
      });
      expect(await told()).toHaveLength(count - 500);
    });

    it('and ends each key with its newest, whatever is written meanwhile', async () => {
      start();
      const sending = republishStates(relayOptions(database, log.log), {});
      for (let version = 4; version <= 40; version++)
        for (const id of ['t00003', 't00600', 't01199']) {
          // One statement is one transaction.
          await database.sql.$queryRawUnsafe(
            `WITH changed AS (UPDATE things.things SET version = $2::int, text = 'new' WHERE id = $1 RETURNING id)
            INSERT INTO things.outbox (key, type, version, data)
            SELECT id, 'ThingChanged', $2::int, jsonb_build_object('id', id, 'text', 'new') FROM changed RETURNING id`,
            id,
            version,
          );
        }
      await sending;
      await expectTold().toHaveLength(count + 3 * 37);
      const last = new Map(
        (await log.read(things.name)).map(({ key, event }) => [key, event?.data.stateVersion]),
      );
      expect(['t00003', 't00600', 't01199', 't00004'].map((id) => last.get(id))).toEqual([40, 40, 40, 3]);
    });
  });

  describe('beside other connections', () => {
    beforeEach(({ skip }) => skip(server === 'PGlite', 'one connection'));
    it('tells what was committed and never what was rolled back, in order, while many write', async () => {
      start();
      const committed: string[] = [];
      await Promise.all(
        ['a', 'b', 'c', 'd'].map(async (key) => {
          let version = 0;
          for (let round = 0; round < 40; round++) {
            const transaction = await database.begin();
            if (!transaction) throw new Error('there is but one connection');
            const isKept = Math.random() < 0.7;
            await append(transaction, thing(key, version + 1));
            await new Promise((resolve) => setTimeout(resolve, Math.random() * 8));
            if (isKept) {
              version += 1;
              committed.push(`${key} ${version}`);
            }
            await (isKept ? transaction.commit() : transaction.rollback());
          }
        }),
      );
      await expectTold().toHaveLength(committed.length);
      const all = await told();
      expect([...all].sort()).toEqual([...committed].sort());
      for (const key of ['a', 'b', 'c', 'd']) {
        const of = (list: string[]) => list.filter((one) => one.startsWith(key));
        expect(of(all)).toEqual(of(committed));
      }
    });

    it('stops when the server ends its connection, and takes up where it was', async () => {
      const metrics = createMetrics();
      start({ metrics });
      await append(database.sql, thing('a', 1));
      await expectTold().toEqual(['a 1']);
      await database.sql.$queryRawUnsafe(
        `SELECT pg_terminate_backend(pid) FROM pg_locks
        WHERE locktype = 'advisory' AND database = (SELECT oid FROM pg_database WHERE datname = current_database())`,
      );
      await expect.poll(() => readMetric(metrics, 'medley_relay_active'), { interval: 2 }).toBe(0);
      await append(database.sql, thing('a', 2));
      await expectTold().toEqual(['a 1', 'a 2']);
    });

    it('sends a page again that was under way when another took over, so that the newest comes last', async () => {
      const pollMetric = async (of: ReturnType<typeof createMetrics>, above: number) => {
        const read = () => readMetric(of, 'medley_relay_lag_seconds');
        await expect.poll(read, patience).toBeGreaterThan(above);
        return (await read()) ?? 0;
      };
      let letGo = () => {};
      const slow = {
        ...log.log,
        append: async (...call: Parameters<typeof log.log.append>) => {
          await new Promise<void>((resolve) => {
            letGo = resolve;
          });
          return log.log.append(...call);
        },
      };
      const stuck = createMetrics();
      const relay = startRelay(database, slow, { metrics: stuck });
      relays.push(relay);
      await append(database.sql, thing('a', 1));
      // The lag grows while it hangs.
      const first = await pollMetric(stuck, 0);
      await pollMetric(stuck, first + 0.4);
      // It hangs in the log with version 1 when it loses its connection, and another tells 1 and 2.
      await database.sql.$queryRawUnsafe(
        `SELECT pg_terminate_backend(pid) FROM pg_locks
        WHERE locktype = 'advisory' AND database = (SELECT oid FROM pg_database WHERE datname = current_database())`,
      );
      start();
      await append(database.sql, thing('a', 2));
      await expectTold().toEqual(['a 1', 'a 2']);
      letGo();
      await expect.poll(async () => (await told()).slice(0, 3), patience).toEqual(['a 1', 'a 2', 'a 1']);
      await expect.poll(async () => (await told()).at(-1), patience).toBe('a 2');
      letGo();
    });
  });
});
