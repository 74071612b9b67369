import { randomUUID } from 'node:crypto';
import { createMetrics } from '@medley/service';
import { silentLogger } from '@medley/testing';
import { startTestKafka, type TestKafka } from '@medley/testing/kafka';
import { Kafka, logLevel } from 'kafkajs';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { type EventLog, LogUnavailableError, type StoredRecord } from '../src/index.ts';
import { createKafkaEventLog, type KafkaEventLogOptions } from '../src/kafka/index.ts';

const { KAFKA_JARS } = process.env;
if (!KAFKA_JARS)
  console.info('Kafka that hangs and dies is not tested, as KAFKA_JARS names no folder with its jars.');

const patience = { timeout: 45_000, interval: 50 };
const pauseFor = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

describe.skipIf(!KAFKA_JARS)('a Kafka that hangs and dies', () => {
  let kafka: TestKafka;
  const logs: EventLog[] = [];
  beforeAll(async () => {
    kafka = (await startTestKafka()) as TestKafka;
  });
  afterEach(async () => {
    await Promise.all(logs.splice(0).map((log) => log.close()));
  });
  afterAll(() => kafka.stop());

  function open(options: Partial<KafkaEventLogOptions> = {}) {
    const metrics = createMetrics();
    const { brokers } = kafka;
    const log = createKafkaEventLog({ brokers, clientId: 'test', logger: silentLogger, metrics, ...options });
    logs.push(log);
    const metric = async (name: string, labels: Record<string, string> = {}) => {
      const found = (await metrics.registry.getSingleMetric(name)?.get())?.values ?? [];
      const matching = found.filter((value) =>
        Object.entries(labels).every(([label, text]) => value.labels[label as never] === text),
      );
      return matching.reduce((sum, { value }) => sum + value, 0);
    };
    return { log, metric };
  }

  async function newTopic(log: EventLog, partitions = 3): Promise<string> {
    const name = `test.${randomUUID()}.v1`;
    await log.admin.ensureTopics([{ name, partitions, retentionMs: 86_400_000 }]);
    return name;
  }

  const recordOf = (number: number) => ({
    key: `k${number % 50}`,
    value: Buffer.from(String(number).padStart(300, '0')),
  });
  const numberOf = ({ value }: StoredRecord) => Number(value?.toString());

  /** Appends numbered records from many callers at once, each of which tries until it has all of its own confirmed. */
  function startAppending(log: EventLog, topic: string) {
    const stored = new Set<number>();
    let [next, isAppending] = [0, true];
    async function caller() {
      while (isAppending) {
        const numbers = [next++, next++];
        for (let isStored = false; !isStored; ) {
          try {
            await log.append(topic, numbers.map(recordOf));
            isStored = true;
            for (const number of numbers) stored.add(number);
          } catch (error) {
            expect(error).toBeInstanceOf(LogUnavailableError);
            await pauseFor(100);
          }
        }
        await pauseFor(5);
      }
    }
    const callers = Promise.all(Array.from({ length: 20 }, caller));
    return {
      stored,
      async finish() {
        isAppending = false;
        await callers;
      },
    };
  }

  async function readAll(log: EventLog, topic: string): Promise<number[]> {
    const numbers: number[] = [];
    let isDone = false;
    const reading = await log.tail({
      topic,
      from: 'beginning',
      handle: (records) => void numbers.push(...records.map(numberOf)),
      onCaughtUp: () => {
        isDone = true;
      },
      onCrash: (error) => {
        throw error;
      },
    });
    await expect.poll(() => isDone, patience).toBe(true);
    await reading.stop();
    return numbers;
  }

  async function consume(log: EventLog, topic: string, group = `test.${randomUUID()}`) {
    const seen = new Set<number>();
    const crashes: Error[] = [];
    const subscription = await log.subscribe({
      group,
      topics: [topic],
      handle: async ({ records }) => {
        for (const record of records) seen.add(numberOf(record));
      },
      onCrash: (error) => crashes.push(error),
    });
    return { group, seen, crashes, subscription };
  }

  const missingFrom = (seen: Iterable<number>, expected: Iterable<number>) => {
    const known = new Set(seen);
    return [...expected].filter((number) => !known.has(number));
  };

  it('has all that it confirmed, when it hung in the middle of a batch for longer than a request may take', async () => {
    const { log, metric } = open({ appendTimeoutMs: 10_000 });
    const topic = await newTopic(log);
    const appending = startAppending(log, topic);
    for (let round = 0; round < 3; round++) {
      await pauseFor(700);
      kafka.pause();
      await pauseFor(5_000);
      kafka.resume();
    }
    await pauseFor(1_000);
    await appending.finish();
    expect(await metric('medley_event_log_resends_total', { topic })).toBeGreaterThan(0);
    expect(appending.stored.size).toBeGreaterThan(500);
    expect(missingFrom(await readAll(log, topic), appending.stored)).toEqual([]);
  });

  // What kafkajs's idempotent producer does not: it confirms the other batch, and Kafka never gets it.
  it('has all that it confirmed, when a batch ran out of time and another of the same size came next', async () => {
    const { log } = open({ appendTimeoutMs: 2_000 });
    const topic = await newTopic(log, 1);
    const stored: number[] = [];
    let [failures, isAppending] = [0, true];
    async function appendOneByOne() {
      for (let number = 0; isAppending; number++) {
        try {
          await log.append(topic, [recordOf(number)]);
          stored.push(number);
        } catch {
          failures += 1;
        }
        await pauseFor(100);
      }
    }
    const appending = appendOneByOne();
    for (let round = 0; round < 3; round++) {
      await pauseFor(1_000);
      kafka.pause();
      await pauseFor(5_000);
      kafka.resume();
    }
    await pauseFor(3_000);
    isAppending = false;
    await appending;
    expect(failures).toBeGreaterThan(3);
    expect(stored.length).toBeGreaterThan(20);
    expect(missingFrom(await readAll(log, topic), stored)).toEqual([]);
  });

  it('loses nothing when it is killed under load, and its consumers come back by themselves', async () => {
    const { log } = open();
    const topic = await newTopic(log);
    const consuming = await consume(log, topic);
    const appending = startAppending(log, topic);
    await expect.poll(() => consuming.seen.size, patience).toBeGreaterThan(100);
    for (let round = 0; round < 2; round++) {
      await kafka.kill();
      await kafka.start();
      const before = consuming.seen.size;
      await expect.poll(() => consuming.seen.size, patience).toBeGreaterThan(before + 100);
    }
    await appending.finish();
    await expect.poll(() => missingFrom(consuming.seen, appending.stored).length, patience).toBe(0);
    expect(consuming.crashes).toEqual([]);
    expect(missingFrom(await readAll(log, topic), appending.stored)).toEqual([]);
  });

  it('refuses at once while it is known to be away, and takes again when it is back', async () => {
    const { log } = open({ appendTimeoutMs: 1_000 });
    const topic = await newTopic(log);
    await log.append(topic, [recordOf(0)]);
    kafka.pause();
    await expect(log.append(topic, [recordOf(1)])).rejects.toThrow(LogUnavailableError);
    const began = performance.now();
    await expect(log.append(topic, [recordOf(2)])).rejects.toThrow(LogUnavailableError);
    // Another try would take a second.
    expect(performance.now() - began).toBeLessThan(500);
    await expect(log.ping(500)).rejects.toThrow(LogUnavailableError);
    kafka.resume();
    await log.ping(5_000);
    await log.append(topic, [recordOf(3)]);
    expect(await readAll(log, topic)).toEqual(expect.arrayContaining([0, 3]));
  });

  it('lets no more wait in memory than it may', async () => {
    const { log, metric } = open({ appendTimeoutMs: 2_000, maxWaitingBytes: 1_000_000 });
    const topic = await newTopic(log);
    await log.append(topic, [recordOf(0)]);
    kafka.pause();
    const large = { key: 'k', value: Buffer.alloc(100_000) };
    const results = Promise.allSettled(Array.from({ length: 30 }, () => log.append(topic, [large])));
    await pauseFor(100);
    expect(await metric('medley_event_log_waiting_bytes')).toBeLessThanOrEqual(1_000_000);
    const refused = (await results).filter(({ status }) => status === 'rejected');
    expect(refused).toHaveLength(30);
    expect(await metric('medley_event_log_waiting_bytes')).toBe(0);
    kafka.resume();
    // It hung for longer than its registration holds: it has no leaders until its controller has taken it back.
    const append = () => log.append(topic, [large]).catch(() => null);
    await expect.poll(append, patience).not.toBeNull();
  });

  it('need not be there when it is first used', async () => {
    const { log: other } = open();
    const topic = await newTopic(other);
    await other.append(topic, [recordOf(1)]);
    await kafka.kill();
    const { log } = open({ appendTimeoutMs: 1_000 });
    const consuming = await consume(log, topic);
    const seen: number[] = [];
    await log.tail({
      topic,
      from: 'end',
      handle: (records) => void seen.push(...records.map(numberOf)),
      onCrash: (error) => {
        throw error;
      },
    });
    await expect(log.append(topic, [recordOf(2)])).rejects.toThrow(LogUnavailableError);
    await kafka.start();
    await expect.poll(() => consuming.seen.has(1), patience).toBe(true);
    const append = () =>
      log.append(topic, [recordOf(3)]).then(
        () => true,
        () => false,
      );
    await expect.poll(append, patience).toBe(true);
    await expect.poll(() => consuming.seen.has(3) && seen.includes(3), patience).toBe(true);
    expect(seen).not.toContain(1);
    expect(consuming.crashes).toEqual([]);
  });

  it('finds consumers again that showed no sign of life', async () => {
    const { log, metric } = open({ silentMs: 3_000 });
    const topic = await newTopic(log);
    const { group, seen, crashes } = await consume(log, topic);
    await log.append(topic, [recordOf(1)]);
    await expect.poll(() => seen.has(1), patience).toBe(true);
    kafka.pause();
    await expect
      .poll(() => metric('medley_event_log_rejoins_total', { group, reason: 'silent' }), patience)
      .toBeGreaterThan(0);
    kafka.resume();
    await log.append(topic, [recordOf(2)]);
    await expect.poll(() => seen.has(2), patience).toBe(true);
    expect(crashes).toEqual([]);
  });

  describe('where a consumer cannot go on', () => {
    const options = { retries: 3, initialRetryTime: 100 };
    const adminOf = () =>
      new Kafka({ brokers: [...kafka.brokers], logLevel: logLevel.NOTHING, retry: options }).admin();

    it('says so, once, when it meets a compression that it cannot read', async () => {
      const { log } = open();
      const topic = await newTopic(log, 1);
      const admin = adminOf();
      await admin.connect();
      // The broker packs what it gets anew.
      const configEntries = [{ name: 'compression.type', value: 'lz4' }];
      await admin.alterConfigs({ validateOnly: false, resources: [{ type: 2, name: topic, configEntries }] });
      await admin.disconnect();
      await pauseFor(500);
      const crashes: Error[] = [];
      const onCrash = (error: Error) => crashes.push(error);
      const { crashes: crashesOfGroup } = await consume(log, topic);
      await log.tail({ topic, from: 'beginning', handle: () => {}, onCrash });
      await log.append(topic, [recordOf(1)]);
      await expect.poll(() => crashesOfGroup.length, patience).toBe(1);
      await expect.poll(() => crashes.length, patience).toBe(1);
      await pauseFor(1_000);
      for (const error of [...crashes, ...crashesOfGroup]) expect(error.message).toMatch(/LZ4/);
      expect([crashes.length, crashesOfGroup.length]).toEqual([1, 1]);
    });

    it('says so when a handler hangs', async () => {
      const { log } = open({ handlerSilentMs: 2_000 });
      const topic = await newTopic(log, 1);
      const crashes: Error[] = [];
      let release = () => {};
      await log.subscribe({
        group: `test.${randomUUID()}`,
        topics: [topic],
        handle: () =>
          new Promise((resolve) => {
            release = resolve;
          }),
        onCrash: (error) => crashes.push(error),
      });
      await log.append(topic, [recordOf(1)]);
      await expect.poll(() => crashes.length, patience).toBe(1);
      expect(crashes[0]?.message).toMatch(/has not been heard of/);
      release();
    });

    it('goes on at the first record that is left, when those that it waited for are gone', async () => {
      const { log } = open();
      const topic = await newTopic(log, 1);
      const first = await consume(log, topic);
      await log.append(topic, [0, 1].map(recordOf));
      await expect.poll(() => first.seen.size, patience).toBe(2);
      await first.subscription.stop();
      await log.append(topic, [2, 3, 4, 5].map(recordOf));
      const admin = adminOf();
      await admin.connect();
      // Without it kafkajs knows no leader to ask.
      await admin.fetchTopicOffsets(topic);
      await admin.deleteTopicRecords({ topic, partitions: [{ partition: 0, offset: '4' }] });
      await admin.disconnect();
      const again = await consume(log, topic, first.group);
      await expect.poll(() => [...again.seen], patience).toEqual([4, 5]);
      expect(again.crashes).toEqual([]);
    });
  });
});
