import { randomUUID } from 'node:crypto';
import {
  createEvent,
  deadLetterTopicOf,
  defineEvent,
  defineTopic,
  encodeEvent,
  retryTopicOf,
  withItsLetters,
} from '@medley/events';
import { createMetrics } from '@medley/service';
import { silentLogger } from '@medley/testing';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { z } from 'zod';
import {
  type Consumer,
  followGroup,
  GroupActiveError,
  type Handle,
  listDeadLetters,
  maxRecordBytes,
  publishEvents,
  replay,
  resendDeadLetters,
  startConsumer,
} from '../src/index.ts';
import { type Subject, startEmbedded, startKafka } from './event-log-subjects.ts';

const { TEST_KAFKA_BROKERS } = process.env;
if (!TEST_KAFKA_BROKERS) console.info('Dead letters: Kafka is left out, as TEST_KAFKA_BROKERS is not set.');
const patience = { timeout: 40_000, interval: 20 };

const rang = defineEvent('BellRang', 1, { number: z.int(), padding: z.string().optional() });
const bell = (number: number, padding?: string) =>
  createEvent(rang, { source: 'test', key: `bell_${number}`, data: { number, padding } });

describe.each<readonly [string, () => Promise<Subject>]>([
  ['on disk', startEmbedded],
  ...(TEST_KAFKA_BROKERS ? [['in Kafka', () => startKafka(TEST_KAFKA_BROKERS)] as const] : []),
])('dead letters %s', (_, startLog) => {
  let subject: Subject;
  beforeAll(async () => {
    subject = await startLog();
  });
  afterAll(() => subject.stop());

  const newTopic = () =>
    defineTopic({ name: `test.${randomUUID()}.v1`, partitions: 3, retentionMs: 86_400_000, events: [rang] });
  let bells: ReturnType<typeof newTopic>;
  let group: string;
  let consumers: Consumer[];
  beforeEach(async () => {
    bells = newTopic();
    group = `test.${randomUUID()}`;
    consumers = [];
    await subject.log.admin.ensureTopics(withItsLetters(bells));
  });
  const stopAll = () => Promise.all(consumers.splice(0).map((consumer) => consumer.stop()));
  afterEach(stopAll);

  function consume(handle: Handle<ReturnType<typeof bell>>, as = group) {
    const consumer = startConsumer({
      log: subject.log,
      group: as,
      topics: [bells],
      handle,
      attempts: 2,
      backoff: { firstMs: 1, maxMs: 5 },
      logger: silentLogger,
      metrics: createMetrics(),
      onCrash: (error) => {
        throw error;
      },
    });
    consumers.push(consumer);
  }
  /** A handler that collects, and fails on these numbers as long as they are in the set. */
  const failOn =
    (broken: ReadonlySet<number>, seen: number[]): Handle<ReturnType<typeof bell>> =>
    async (events) => {
      const numbers = events.map(({ event }) => event.data.number);
      if (numbers.some((number) => broken.has(number))) throw new Error('a bell is broken');
      seen.push(...numbers);
    };
  const list = (options: object = {}) => listDeadLetters(subject.log, { topic: bells.name, ...options });
  const untilThereAre = (count: number, options: object = { withResent: true }) =>
    expect.poll(async () => (await list({ limit: 1_000, ...options })).letters.length, patience).toBe(count);
  const sorted = (numbers: readonly number[]) => [...numbers].sort((a, b) => a - b);
  /** Dead letters of these bells, as a consumer left them that has stopped. */
  async function bury(numbers: readonly number[]) {
    consume(failOn(new Set(numbers), []));
    await publishEvents(
      subject.log,
      bells,
      numbers.map((number) => bell(number)),
    );
    await untilThereAre(numbers.length);
    await stopAll();
  }

  it('tell what they were, where they came from, and why they are there', async () => {
    const broken = new Set([2]);
    const seen: number[] = [];
    consume(failOn(broken, seen));
    const events = [1, 2, 3].map((number) => bell(number));
    const places = await publishEvents(subject.log, bells, events);
    await subject.log.append(bells.name, [{ key: 'garbage', value: Buffer.from('{') }]);
    await untilThereAre(2);
    expect(sorted(seen)).toEqual([1, 3]);

    const { letters, next } = await list();
    expect(next).toBeNull();
    const failed = letters.find(({ cause }) => cause === 'failed');
    expect(failed).toMatchObject({
      group,
      topic: bells.name,
      partition: places[1]?.partition,
      offset: places[1]?.offset,
      key: 'bell_2',
      reason: 'Error: a bell is broken',
      event: { id: events[1]?.id, type: 'BellRang', time: events[1]?.time },
      resent: false,
    });
    expect(failed?.attempts).toBeGreaterThanOrEqual(2);
    expect(failed?.text).toBe(encodeEvent(bells, events[1] as never).toString());
    const poison = letters.find(({ cause }) => cause === 'poison');
    expect(poison).toMatchObject({ key: 'garbage', event: null, text: '{', attempts: 0 });
  });

  it('come page by page, and as they are asked for', async () => {
    await bury([1, 2, 3, 4, 5]);
    const first = await list({ limit: 2 });
    const second = await list({ limit: 2, from: first.next });
    const third = await list({ limit: 2, from: second.next });
    expect(third.next).toBeNull();
    const keys = [first, second, third].flatMap(({ letters }) => letters.map(({ key }) => key));
    expect(keys.sort()).toEqual(['bell_1', 'bell_2', 'bell_3', 'bell_4', 'bell_5']);
    const { letters } = await list({ filter: ({ key }: { key: string }) => key === 'bell_4' });
    expect(letters.map(({ key }) => key)).toEqual(['bell_4']);
    expect((await list({ from: new Date(Date.now() + 3_600_000) })).letters).toEqual([]);
    await expect(list({ limit: 0 })).rejects.toThrow(RangeError);
  });

  it('have their effect once the handler is mended and they are sent again, and only at the group that had failed', async () => {
    const others: number[] = [];
    const otherGroup = `test.${randomUUID()}`;
    consume(failOn(new Set([2, 3]), []));
    consume(failOn(new Set(), others), otherGroup);
    await publishEvents(
      subject.log,
      bells,
      [1, 2, 3].map((number) => bell(number)),
    );
    await untilThereAre(2);
    await expect.poll(() => sorted(others), patience).toEqual([1, 2, 3]);
    await stopAll();

    const progress: number[] = [];
    const done = await resendDeadLetters(subject.log, {
      topic: bells.name,
      onProgress: ({ resent }) => progress.push(resent),
    });
    expect(done).toMatchObject({ resent: 2, resentBefore: 0, filteredOut: 0, gone: 0 });
    expect(progress.at(-1)).toBe(2);
    const mended: number[] = [];
    consume(failOn(new Set(), mended));
    consume(failOn(new Set(), others), otherGroup);
    await expect.poll(() => sorted(mended), patience).toEqual([2, 3]);
    await expect
      .poll(async () => {
        const positions = await subject.log.admin.positions(otherGroup, [retryTopicOf(bells).name]);
        return positions.every(({ lag }) => lag === 0n);
      }, patience)
      .toBe(true);
    expect(sorted(others)).toEqual([1, 2, 3]);
    expect((await list()).letters).toEqual([]);
    expect((await list({ withResent: true })).letters.map(({ resent }) => resent)).toEqual([true, true]);
  });

  it('are sent once, however often it is asked for', async () => {
    await bury([1, 2, 3]);
    const resend = (options: object = {}) =>
      resendDeadLetters(subject.log, { topic: bells.name, ...options });
    const only = { filter: ({ key }: { key: string }) => key === 'bell_2' };
    expect(await resend(only)).toMatchObject({ resent: 1, filteredOut: 2 });
    expect(await resend(only)).toMatchObject({ resent: 0, resentBefore: 1, filteredOut: 2 });
    expect(await resend()).toMatchObject({ resent: 2, resentBefore: 1 });
    expect(await resend()).toMatchObject({ resent: 0, resentBefore: 3 });
    const [{ high } = { high: 0n }] = await subject.log.admin.offsets(retryTopicOf(bells).name);
    expect(high).toBe(3n);
  });

  it('go on where an interrupted call ended', async () => {
    const numbers = Array.from({ length: 250 }, (__, index) => index);
    await bury(numbers);
    const interrupt = new AbortController();
    const first = await resendDeadLetters(subject.log, {
      topic: bells.name,
      signal: interrupt.signal,
      onProgress: () => interrupt.abort(),
    });
    expect(first.resent).toBe(100);
    const second = await resendDeadLetters(subject.log, { topic: bells.name });
    expect(second).toMatchObject({ resent: 150, resentBefore: 100 });
  });

  it('before a place are sent, and those after it are not', async () => {
    await bury([1, 2, 3]);
    const { letters } = await list();
    const upTo = letters[2]?.place;
    expect(await resendDeadLetters(subject.log, { topic: bells.name, upTo })).toMatchObject({ resent: 2 });
    expect((await list()).letters.map(({ place }) => place)).toEqual([upTo]);
  });

  it('that fail once more are new dead letters, of the same topic', async () => {
    await bury([1]);
    await resendDeadLetters(subject.log, { topic: bells.name });
    consume(failOn(new Set([1]), []));
    await untilThereAre(2);
    const { letters } = await list();
    expect(letters).toMatchObject([{ key: 'bell_1', topic: retryTopicOf(bells).name, resent: false }]);
    expect(await resendDeadLetters(subject.log, { topic: bells.name })).toMatchObject({
      resent: 1,
      resentBefore: 1,
    });
  });

  it('that were too large to be kept with their reason come from where they lie', async () => {
    const headers = { origin: 'import' };
    const event = encodeEvent(bells, bell(7, 'x'.repeat(maxRecordBytes - 300)));
    const large = { key: 'bell_7', value: event, headers };
    consume(failOn(new Set([7]), []));
    await subject.log.append(bells.name, [large]);
    await untilThereAre(1);
    expect((await list()).letters).toMatchObject([{ leftOut: true, text: null, event: null }]);
    await stopAll();
    expect(await resendDeadLetters(subject.log, { topic: bells.name })).toMatchObject({ resent: 1, gone: 0 });
    const seen: number[] = [];
    consume(failOn(new Set(), seen));
    await expect.poll(() => seen, patience).toEqual([7]);
  });

  describe('a group that is replayed', () => {
    const consumeAll = async (seen: number[], count: number) => {
      consume(failOn(new Set(), seen));
      await expect.poll(() => seen.length, patience).toBe(count);
      await expect
        .poll(async () => {
          const positions = await subject.log.admin.positions(group, [bells.name]);
          return positions.reduce((sum, { lag }) => sum + lag, 0n);
        }, patience)
        .toBe(0n);
    };
    const publish = (numbers: readonly number[]) =>
      publishEvents(
        subject.log,
        bells,
        numbers.map((number) => bell(number)),
      );

    it('gets everything once more, and says how much that is', async () => {
      await publish([1, 2, 3, 4]);
      await consumeAll([], 4);
      await stopAll();
      const plan = { group, topic: bells.name, from: 'beginning' } as const;
      const sums = (partitions: Awaited<ReturnType<typeof replay>>) => [
        partitions.reduce((sum, { lagBefore }) => sum + lagBefore, 0n),
        partitions.reduce((sum, { lagAfter }) => sum + lagAfter, 0n),
      ];
      expect(sums(await replay(subject.log, { ...plan, dryRun: true }))).toEqual([0n, 4n]);
      expect(sums(await replay(subject.log, plan))).toEqual([0n, 4n]);
      expect(sums(await replay(subject.log, plan))).toEqual([4n, 4n]);

      const progress: bigint[] = [];
      const followed = followGroup(subject.log, {
        group,
        topic: bells.name,
        intervalMs: 20,
        onProgress: ({ handled, of }) => {
          expect(of).toBe(4n);
          progress.push(handled);
        },
      });
      const again: number[] = [];
      await consumeAll(again, 4);
      expect(sorted(again)).toEqual([1, 2, 3, 4]);
      expect(await followed).toBe(true);
      expect(progress.at(-1)).toBe(4n);
    });

    it('gets what is as new as a time, or after a place, or nothing', async () => {
      await publish([1, 2]);
      const time = new Date(Date.now() + 50);
      await expect.poll(() => Date.now(), patience).toBeGreaterThan(time.getTime() + 50);
      const [place] = await publish([3]);
      await consumeAll([], 3);
      await stopAll();
      await replay(subject.log, { group, topic: bells.name, from: time });
      const late: number[] = [];
      await consumeAll(late, 1);
      expect(late).toEqual([3]);
      await stopAll();

      const { partition = 0, offset = 0n } = place ?? {};
      const places = [{ partition, offset }];
      expect(await replay(subject.log, { group, topic: bells.name, from: places })).toEqual([
        { partition, before: offset + 1n, after: offset, lagBefore: 0n, lagAfter: 1n },
      ]);
      const ended = await replay(subject.log, { group, topic: bells.name, from: 'end' });
      expect(ended.every(({ lagAfter }) => lagAfter === 0n)).toBe(true);
      const none = [{ partition: 9, offset: 0n }];
      await expect(replay(subject.log, { group, topic: bells.name, from: none })).rejects.toThrow(
        /has the partitions 0\.\.2, got 9/,
      );
      const beyond = [{ partition, offset: 1_000_000n }];
      const [clamped] = await replay(subject.log, { group, topic: bells.name, from: beyond });
      expect(clamped?.lagAfter).toBe(0n);
    });

    it('has to stand still', async () => {
      await publish([1]);
      await consumeAll([], 1);
      const replayed = replay(subject.log, { group, topic: bells.name, from: 'beginning' });
      await expect(replayed).rejects.toThrow(GroupActiveError);
      await expect(replayed).rejects.toThrow(/is consuming: stop its consumers first/);
    });

    it('is followed for as long as somebody wants to know', async () => {
      await publish([1, 2]);
      const interrupt = new AbortController();
      const followed = followGroup(subject.log, {
        group,
        topic: bells.name,
        signal: interrupt.signal,
        onProgress: () => interrupt.abort(),
      });
      expect(await followed).toBe(false);
    });
  });

  it('are looked for in vain where there are none', async () => {
    expect(await list()).toEqual({ letters: [], next: null });
    expect(await resendDeadLetters(subject.log, { topic: bells.name })).toMatchObject({ seen: 0, of: 0 });
    await subject.log.append(deadLetterTopicOf(bells).name, [{ key: 'strange', value: Buffer.from('?') }]);
    expect(await list()).toEqual({ letters: [], next: null });
  });
});
