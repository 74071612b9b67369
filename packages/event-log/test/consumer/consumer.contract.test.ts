import { randomUUID } from 'node:crypto';
import {
  createEvent,
  deadLetterTopicOf,
  defineEvent,
  defineTopic,
  type EventOf,
  withItsLetters,
} from '@medley/events';
import { createMetrics } from '@medley/service';
import { silentLogger } from '@medley/testing';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { z } from 'zod';
import {
  type Consumer,
  type EventLog,
  type Handle,
  listDeadLetters,
  publishEvents,
  startConsumer,
} from '../../src/index.ts';
import { type Subject, startEmbedded, startKafka, startServed } from '../event-log-subjects.ts';

const { TEST_KAFKA_BROKERS } = process.env;
if (!TEST_KAFKA_BROKERS) console.info('Consumers: Kafka is left out, as TEST_KAFKA_BROKERS is not set.');
const patience = { timeout: 40_000, interval: 20 };

const rang = defineEvent('BellRang', 1, { number: z.int() });
const newTopic = () =>
  defineTopic({ name: `test.${randomUUID()}.v1`, partitions: 4, retentionMs: 86_400_000, events: [rang] });
const unreachable = () => Object.assign(new Error('connect'), { code: 'ECONNREFUSED' });

describe.each<readonly [string, () => Promise<Subject>]>([
  ['on disk', startEmbedded],
  ['of another process', startServed],
  ...(TEST_KAFKA_BROKERS ? [['in Kafka', () => startKafka(TEST_KAFKA_BROKERS)] as const] : []),
])('a consumer of a log %s', (_, startLog) => {
  let subject: Subject;
  beforeAll(async () => {
    subject = await startLog();
  });
  afterAll(() => subject.stop());

  let bells: ReturnType<typeof newTopic>;
  let group: string;
  const consumers: Consumer[] = [];
  beforeEach(() => {
    bells = newTopic();
    group = `test.${randomUUID()}`;
  });
  afterEach(() => Promise.all(consumers.splice(0).map((consumer) => consumer.stop())));

  function consume(handle: Handle<EventOf<typeof rang>>, log: EventLog = subject.log): Consumer {
    const consumer = startConsumer({
      log,
      group,
      topics: [bells],
      handle,
      attempts: 2,
      backoff: { firstMs: 5, maxMs: 50 },
      logger: silentLogger,
      metrics: createMetrics(),
      onCrash: (error) => {
        throw error;
      },
    });
    consumers.push(consumer);
    return consumer;
  }
  const makeTopics = () => subject.log.admin.ensureTopics(withItsLetters(bells));
  const ring = (numbers: readonly number[], key = (number: number) => `bell_${number}`) =>
    publishEvents(
      subject.log,
      bells,
      numbers.map((number) => createEvent(rang, { source: 'test', key: key(number), data: { number } })),
    );
  const numbersOf = (events: Parameters<Handle<EventOf<typeof rang>>>[0]) =>
    events.map(({ event }) => event.data.number);
  const sorted = (numbers: Iterable<number>) => [...numbers].sort((a, b) => a - b);
  const lag = async () => {
    const positions = await subject.log.admin.positions(group, [bells.name]);
    return Number(positions.reduce((sum, position) => sum + position.lag, 0n));
  };
  const twenty = Array.from({ length: 20 }, (__, index) => index);

  it('finishes what it holds when it stops, and nobody gets that again', async () => {
    await makeTopics();
    await ring(twenty, () => 'one key');
    let finish = () => {};
    const finished = new Promise<void>((resolve) => {
      finish = resolve;
    });
    const held: number[] = [];
    const first = consume(async (events) => {
      held.push(...numbersOf(events));
      await finished;
    });
    await expect.poll(() => held.length, patience).toBeGreaterThan(0);
    const stopped = first.stop();
    setTimeout(finish, 50);
    await stopped;
    const rest: number[] = [];
    consume(async (events) => void rest.push(...numbersOf(events)));
    await expect.poll(lag, patience).toBe(0);
    expect([...held, ...rest]).toEqual(twenty);
  });

  it('lets one partition wait for what is away, and the others go on', async () => {
    await makeTopics();
    const places = await ring(twenty);
    const stuck = places[0]?.partition;
    const inStuck = twenty.filter((number) => places[number]?.partition === stuck);
    let isAway = true;
    const seen: number[] = [];
    consume(async (events, { partition }) => {
      if (isAway && partition === stuck) throw unreachable();
      seen.push(...numbersOf(events));
    });
    await expect.poll(() => seen.length, patience).toBe(20 - inStuck.length);
    await expect.poll(lag, patience).toBe(inStuck.length);
    isAway = false;
    await expect.poll(lag, patience).toBe(0);
    expect(sorted(seen)).toEqual(twenty);
    expect(await listDeadLetters(subject.log, { topic: bells.name })).toEqual({ letters: [], next: null });
  });

  it('gives what it waits with to the next when it stops', async () => {
    await makeTopics();
    await ring(twenty);
    let tries = 0;
    const first = consume(async () => {
      tries += 1;
      throw unreachable();
    });
    await expect.poll(() => tries, patience).toBeGreaterThan(4);
    await first.stop();
    const seen = new Set<number>();
    consume(
      async (events) => {
        for (const number of numbersOf(events)) seen.add(number);
      },
      await subject.connect(),
    );
    await expect.poll(() => sorted(seen), patience).toEqual(twenty);
  });

  it('holds a partition while there is nowhere to put its dead letters, and goes on when there is', async () => {
    const [topic, letters, retry] = withItsLetters(bells);
    await subject.log.admin.ensureTopics([topic, retry].filter((wanted) => wanted !== undefined));
    const seen: number[] = [];
    consume(async (events) => {
      if (numbersOf(events).includes(7)) throw new Error('a bell is broken');
      seen.push(...numbersOf(events));
    });
    await ring(twenty, () => 'one key');
    await expect.poll(() => seen, patience).toEqual([0, 1, 2, 3, 4, 5, 6]);
    expect(await lag()).toBeGreaterThan(0);
    await subject.log.admin.ensureTopics([letters].filter((wanted) => wanted !== undefined));
    await expect.poll(lag, patience).toBe(0);
    expect(sorted(seen)).toEqual(twenty.filter((number) => number !== 7));
    expect(await subject.log.admin.offsets(deadLetterTopicOf(bells).name)).toMatchObject([{ high: 1n }]);
  });
});
