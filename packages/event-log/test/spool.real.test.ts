import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createMetrics } from '@medley/service';
import { silentLogger } from '@medley/testing';
import { startTestKafka, type TestKafka } from '@medley/testing/kafka';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { EventLog } from '../src/index.ts';
import { createKafkaEventLog } from '../src/kafka/index.ts';
import { openSpool, type Spool } from '../src/spool/index.ts';

const { KAFKA_JARS } = process.env;
if (!KAFKA_JARS) console.info('Spool: a real log that goes away is left out, as KAFKA_JARS is not set.');

const topic = 'test.plays.v1';
const patience = { timeout: 60_000, interval: 50 };

describe.skipIf(!KAFKA_JARS)('a spool before a Kafka', () => {
  let kafka: TestKafka;
  let log: EventLog;
  let spool: Spool;
  let folder: string;
  beforeAll(async () => {
    kafka = (await startTestKafka()) as TestKafka;
    folder = await mkdtemp(join(tmpdir(), 'spool-'));
    log = createKafkaEventLog({ brokers: kafka.brokers, clientId: 'spool', logger: silentLogger });
    await log.admin.ensureTopics([{ name: topic, partitions: 4, retentionMs: 86_400_000 }]);
    const metrics = createMetrics();
    spool = await openSpool({ folder, log, maxBytes: 50_000_000, metrics, logger: silentLogger });
  });
  afterAll(async () => {
    await spool?.stop();
    await log?.close();
    await kafka?.stop();
    await rm(folder, { recursive: true });
  });

  const keys: string[] = [];
  /** Twenty reports at a time, until told to stop. Tells how long the slowest took, and what became of them. */
  async function report(goOn: () => boolean) {
    const answers = { STORED: 0, DEFERRED: 0 };
    let slowestMs = 0;
    while (goOn()) {
      const batch = Array.from({ length: 20 }, () => `user_${keys.length}-${Math.random()}`);
      const began = performance.now();
      const reports = batch.map(async (key) => {
        answers[(await spool.append(topic, [{ key, value: Buffer.from(key) }])).kept] += 1;
        keys.push(key);
      });
      await Promise.all(reports);
      slowestMs = Math.max(slowestMs, performance.now() - began);
    }
    return { ...answers, slowestMs };
  }
  const during = (milliseconds: number) => {
    const end = performance.now() + milliseconds;
    return () => performance.now() < end;
  };

  async function readKeys(): Promise<Set<string>> {
    const found = new Set<string>();
    for (const { partition, low, high } of await log.admin.offsets(topic)) {
      for (let from = low; from < high; ) {
        const records = await log.admin.read(topic, partition, from, 1_000);
        for (const { key } of records) found.add(key);
        from = (records.at(-1)?.offset ?? high) + 1n;
      }
    }
    return found;
  }

  it.each([
    ['hangs', () => kafka.pause(), () => kafka.resume()],
    ['is killed', () => kafka.kill(), () => kafka.start()],
  ] as const)(
    'takes reports quickly while it %s, and it gets them all when it is back',
    async (_how, lose, bring) => {
      expect(await report(during(1_000))).toMatchObject({ DEFERRED: 0 });
      await lose();
      const away = await report(during(10_000));
      expect(away.DEFERRED).toBeGreaterThan(0);
      expect(away.STORED).toBe(0);
      // The first have waited for the log, 500 ms; the others only for the disk.
      expect(away.slowestMs).toBeLessThan(2_000);
      expect(spool.look()).toMatchObject({ logAway: true });
      await bring();
      await expect.poll(spool.look, patience).toMatchObject({ records: 0, logAway: false });
      const found = await readKeys();
      expect(keys.filter((key) => !found.has(key))).toEqual([]);
      await expect.poll(() => report(during(500)), patience).toMatchObject({ DEFERRED: 0 });
    },
    // Kafka starts in a few seconds, or in a minute where others are busy.
    240_000,
  );
});
