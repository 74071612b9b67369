import { randomUUID } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { type Consumer, type EventLog, publishEvents, startConsumer } from '@medley/event-log';
import { createEvent, defineEvent, defineTopic, withItsLetters } from '@medley/events';
import type { SqlWriter } from '@medley/outbox';
import { createMetrics } from '@medley/service';
import { silentLogger } from '@medley/testing';
import { expect } from 'vitest';
import { z } from 'zod';
import { inboxTableSql, prepareInbox, takeNew } from '../src/index.ts';

/** A log and a database on which plays are counted. */
export interface CountingParts {
  /** The log, as another process has it. */
  connect(): Promise<EventLog>;
  /** Every statement is a transaction of its own. */
  readonly sql: SqlWriter;
  transact(work: (transaction: SqlWriter) => Promise<void>): Promise<void>;
}

const patience = { timeout: 240_000, interval: 100 };
const events = 1_000;
const tellings = 100;
const joins = 12;

/**
 * Sends each of 1,000 events 100 times, by times that differ a little, some around midnight, while members of the group come and go and
 * handlers fail before and after their commit: each is counted once.
 */
export async function countEachOnce({ connect, sql, transact }: CountingParts): Promise<void> {
  const played = defineEvent('Played', 1, { number: z.int() });
  const plays = defineTopic({
    name: `test.${randomUUID()}.v1`,
    partitions: 6,
    retentionMs: 86_400_000,
    events: [played],
  });
  const group = `test.${randomUUID()}`;
  const inbox = { table: 'counting.claims' };
  await sql.$executeRawUnsafe('CREATE SCHEMA counting');
  await sql.$executeRawUnsafe(inboxTableSql(inbox.table));
  await sql.$executeRawUnsafe('CREATE TABLE counting.counts (id uuid PRIMARY KEY, count int NOT NULL)');
  await prepareInbox(sql, inbox);
  const [log, other] = [await connect(), await connect()];
  await log.admin.ensureTopics(withItsLetters(plays));

  const crashes: Error[] = [];
  const seen = { batches: 0, failures: 0, joins: 0 };
  const start = (own: EventLog): Consumer =>
    startConsumer({
      log: own,
      group,
      topics: [plays],
      backoff: { firstMs: 1, maxMs: 20 },
      async handle(batch, { refuse }) {
        seen.batches += 1;
        await transact(async (transaction) => {
          const fresh = await takeNew(transaction, inbox, batch, {
            refuse,
            contentOf: ({ data }) => String(data.number),
          });
          await transaction.$executeRawUnsafe(
            `INSERT INTO counting.counts (id, count)
            SELECT id, 1 FROM jsonb_to_recordset($1::jsonb) AS play(id uuid)
            ON CONFLICT (id) DO UPDATE SET count = counting.counts.count + 1`,
            JSON.stringify(fresh.map(({ event: { id } }) => ({ id }))),
          );
          fail('before the commit');
        });
        fail('after the commit');
      },
      logger: silentLogger,
      metrics: createMetrics(),
      onCrash: (error) => crashes.push(error),
    });
  // As a lost connection: of one after the commit nobody knows whether it was committed.
  function fail(when: string) {
    if (Math.random() > 0.05) return;
    seen.failures += 1;
    throw Object.assign(new Error(`a failure ${when}`), { code: 'ECONNRESET' });
  }

  const midnight = new Date().setUTCHours(0, 0, 0, 0);
  const told = Array.from({ length: events }, (_, number) => ({
    id: randomUUID(),
    number,
    time: number % 2 ? midnight : Date.now() - number * 60_000,
  }));
  const jitter = () => Math.round((Math.random() - 0.5) * 240_000);
  const producer = (async () => {
    for (let round = 0; round < tellings; round++) {
      const shuffled = told.toSorted(() => Math.random() - 0.5);
      await publishEvents(
        log,
        plays,
        shuffled.map(({ id, number, time }) =>
          createEvent(played, {
            source: 'test',
            id,
            key: `play_${number}`,
            time: new Date(time + jitter()),
            data: { number },
          }),
        ),
      );
      await pause(50);
    }
  })();

  const lag = async () => {
    const positions = await log.admin.positions(group, [plays.name]);
    return positions.reduce((sum, position) => sum + position.lag, 0n);
  };
  const first = start(log);
  for (; seen.joins < joins; seen.joins += 1) {
    const second = start(other);
    await pause(200 + Math.random() * 800);
    await second.stop();
    await pause(Math.random() * 500);
  }
  await producer;
  await expect.poll(lag, patience).toBe(0n);
  await first.stop();
  expect(crashes).toEqual([]);

  const [counted] = await sql.$queryRawUnsafe<{ ids: number; most: number }[]>(
    'SELECT count(*)::int AS ids, max(count) AS most FROM counting.counts',
  );
  expect(counted).toEqual({ ids: events, most: 1 });
  const deadLetters = await log.admin.offsets(`${plays.name}.dlq`);
  expect(deadLetters).toEqual([{ partition: 0, low: 0n, high: 0n }]);
  expect(seen.failures).toBeGreaterThan(1);
  console.info(`${events * tellings} events in ${seen.batches} batches, ${seen.failures} failed`);
}
