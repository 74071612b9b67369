import { setTimeout as sleep } from 'node:timers/promises';
import { createEvent, defineEvent, defineTopic, type EventOf, encodeEvent } from '@medley/events';
import { createLogger, createMetrics } from '@medley/service';
import { silentLogger } from '@medley/testing';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { z } from 'zod';
import {
  type Consumed,
  type Consumer,
  type ConsumerOptions,
  LogUnavailableError,
  maxRecordBytes,
  startConsumer,
  UnknownTopicError,
} from '../../src/index.ts';
import { appendedAt, createFakeLog, type FakeLog } from './fake-log.ts';

const rang = defineEvent('BellRang', 1, { number: z.int() });
type Rang = EventOf<typeof rang>;
const bells = defineTopic({ name: 'test.bells.v1', partitions: 4, retentionMs: 1_000, events: [rang] });
const bellStates = defineTopic({
  name: 'test.bell-states.v1',
  partitions: 4,
  retentionMs: null,
  events: [rang],
});
type Bells = typeof bells | typeof bellStates;

const bell = (number: number) =>
  encodeEvent(bells, createEvent(rang, { source: 'test', key: `bell_${number}`, data: { number } }));

let log: FakeLog;
let metrics: ReturnType<typeof createMetrics>;
let consumer: Consumer | undefined;
let crashes: Error[];
beforeEach(() => {
  log = createFakeLog();
  metrics = createMetrics();
  crashes = [];
});
afterEach(() => consumer?.stop());

function start(options: Partial<ConsumerOptions<Bells>> & Pick<ConsumerOptions<Bells>, 'handle'>) {
  consumer = startConsumer({
    log,
    group: 'test.ringers',
    topics: [bells, bellStates],
    backoff: { firstMs: 1, maxMs: 4 },
    logger: silentLogger,
    metrics,
    onCrash: (error) => crashes.push(error),
    ...options,
  });
  return consumer;
}

const numbersOf = (events: readonly Consumed<Rang>[]) => events.map(({ event }) => event.data.number);
const deadLetters = (topic = bells.name) => log.appended.get(`${topic}.dlq`) ?? [];
const metricOf = async (metric: string, labels: Record<string, string>) => {
  const { values } = (await metrics.registry.getSingleMetric(metric)?.get()) ?? { values: [] };
  const found = values.find((value) =>
    Object.entries(labels).every(([name, label]) => value.labels[name as never] === label),
  );
  return found?.value;
};
/** Collects what had its effect. */
const collect = (into: number[]) => async (events: readonly Consumed<Rang>[]) =>
  void into.push(...numbersOf(events));

/** A handler that fails on these numbers, and has its effect only as a whole. */
const failOn =
  (numbers: readonly number[], error: () => Error, into: number[], calls: number[][]) =>
  async (events: readonly Consumed<Rang>[]) => {
    calls.push(numbersOf(events));
    if (numbersOf(events).some((number) => numbers.includes(number))) throw error();
    into.push(...numbersOf(events));
  };

describe('a consumer', () => {
  it('hands over events with where they lie, and then lets the log commit', async () => {
    let got: readonly Consumed<Rang>[] = [];
    start({
      async handle(events) {
        got = events;
      },
    });
    expect(log.subscribed).toMatchObject([{ group: 'test.ringers' }]);
    expect(log.subscribed[0]?.topics).toEqual([
      'test.bells.v1',
      'test.bells.v1.retry',
      'test.bell-states.v1',
      'test.bell-states.v1.retry',
    ]);
    await log.deliver(bells.name, [bell(1), bell(2)]);
    expect(numbersOf(got)).toEqual([1, 2]);
    expect(got[1]).toMatchObject({ topic: bells.name, partition: 2, offset: 1n, time: appendedAt });
  });

  it('does not commit before the effect', async () => {
    let finish = () => {};
    start({ handle: () => new Promise((resolve) => (finish = resolve)) });
    let committed = false;
    const delivered = log.deliver(bells.name, [bell(1)]).then(() => {
      committed = true;
    });
    await sleep(20);
    expect(committed).toBe(false);
    finish();
    await delivered;
    expect(committed).toBe(true);
  });

  it('keeps its partition by heartbeats while the handler takes long', async () => {
    vi.useFakeTimers();
    try {
      start({ handle: () => new Promise((resolve) => setTimeout(resolve, 60_000)) });
      const delivered = log.deliver(bells.name, [bell(1)]);
      await vi.advanceTimersByTimeAsync(60_000);
      await delivered;
      const { count } = log.heartbeats;
      expect(count).toBeGreaterThanOrEqual(6);
      await vi.advanceTimersByTimeAsync(60_000);
      expect(log.heartbeats.count).toBe(count);
    } finally {
      vi.useRealTimers();
    }
  });

  it('tells keys that a compacted topic has forgotten, in their order among the events', async () => {
    const seen: unknown[] = [];
    start({
      handle: async (events) => void seen.push(numbersOf(events)),
      forget: async (keys) => void seen.push(keys),
    });
    const gone = { key: 'bell_1', value: null };
    await log.deliver(bellStates.name, [bell(1), bell(2), gone, { key: 'bell_2', value: null }, bell(3)]);
    expect(seen).toEqual([[1, 2], ['bell_1', 'bell_2'], [3]]);
  });

  it('needs nobody for them', async () => {
    const seen: number[] = [];
    start({ handle: collect(seen) });
    await log.deliver(bellStates.name, [null, bell(3)]);
    expect(seen).toEqual([3]);
    expect(log.appended.size).toBe(0);
  });

  it('takes what was sent again for its own group, and skips what was for another', async () => {
    const seen: number[] = [];
    start({ handle: collect(seen) });
    await log.deliver('test.bells.v1.retry', [
      { value: bell(1), headers: { 'medley-only-group': 'test.others' } },
      { value: bell(2), headers: { 'medley-only-group': 'test.ringers' } },
    ]);
    expect(seen).toEqual([2]);
    expect(await metricOf('medley_consumer_records_total', { outcome: 'skipped' })).toBe(1);
  });
});

describe('a poison message', () => {
  it.each([
    ['no JSON', Buffer.from('{'), 'expected JSON, got 1 bytes that are none'],
    [
      'of a type that nobody knows',
      Buffer.from(bell(1).toString().replace('BellRang', 'BellSank')),
      'got "BellSank" version 1',
    ],
    [
      'not as its contract says',
      Buffer.from(bell(1).toString().replace('"number":1', '"number":"one"')),
      'data.number',
    ],
    ['a tombstone where there are none', null, 'not compacted'],
  ])('goes to the dead letters with its reason, and its partition moves on: %s', async (_, value, reason) => {
    const seen: number[] = [];
    start({ handle: collect(seen) });
    const before = Date.now();
    await log.deliver(bells.name, [bell(1), { key: 'bell_2', value, headers: { own: 'yes' } }, bell(3)]);
    expect(seen).toEqual([1, 3]);
    const [letter, ...others] = deadLetters();
    expect(others).toEqual([]);
    expect(letter).toMatchObject({ key: 'bell_2', value });
    expect(letter?.headers).toMatchObject({
      own: 'yes',
      'dead-letter-topic': 'test.bells.v1',
      'dead-letter-partition': '2',
      'dead-letter-offset': '1',
      'dead-letter-time': '2026-05-01T10:00:00.000Z',
      'dead-letter-group': 'test.ringers',
      'dead-letter-cause': 'poison',
      'dead-letter-reason': expect.stringContaining(reason),
      'dead-letter-attempts': '0',
    });
    for (const name of ['first-failure', 'last-failure'])
      expect(Date.parse(letter?.headers?.[`dead-letter-${name}`] ?? '')).toBeGreaterThanOrEqual(before);
    expect(await metricOf('medley_consumer_dead_letters_total', { cause: 'poison' })).toBe(1);
  });

  it('is not handed to the handler when there is nothing else', async () => {
    const handle = vi.fn(async () => {});
    start({ handle });
    await log.deliver(bells.name, [Buffer.from('{')]);
    expect(handle).not.toHaveBeenCalled();
    expect(deadLetters()).toHaveLength(1);
  });

  it('that fills a record to its limit leaves its value where it lies, as the reason needs room', async () => {
    start({ handle: async () => {} });
    await log.deliver(bells.name, [
      { key: 'x'.repeat(4_000), value: Buffer.alloc(maxRecordBytes - 4_000, 'x') },
    ]);
    const [letter] = deadLetters();
    expect(letter).toMatchObject({ value: null, headers: { 'dead-letter-value': 'left out' } });
    expect(letter?.key.length).toBeLessThan(2_000);
  });
});

describe('what was sent again', () => {
  it('goes to the same dead letters when it still cannot be handled', async () => {
    start({ attempts: 1, handle: failOn([1], () => new Error('still wrong'), [], []) });
    await log.deliver('test.bells.v1.retry', [bell(1)]);
    expect(deadLetters()).toMatchObject([{ headers: { 'dead-letter-topic': 'test.bells.v1.retry' } }]);
  });
});

describe('a handler that fails', () => {
  it('gets the batch again, and its records one by one; only what still fails goes to the dead letters', async () => {
    const [seen, calls]: [number[], number[][]] = [[], []];
    start({ attempts: 3, handle: failOn([2], () => new TypeError('no such bell'), seen, calls) });
    await log.deliver(bells.name, [bell(1), bell(2), bell(3)]);
    expect(calls).toEqual([[1, 2, 3], [1, 2, 3], [1, 2, 3], [1], [2], [3]]);
    expect(seen).toEqual([1, 3]);
    expect(deadLetters()).toHaveLength(1);
    expect(deadLetters()[0]?.headers).toMatchObject({
      'dead-letter-offset': '1',
      'dead-letter-cause': 'failed',
      'dead-letter-reason': 'TypeError: no such bell',
      'dead-letter-attempts': '4',
    });
    const { 'dead-letter-first-failure': first = '', 'dead-letter-last-failure': last = '' } =
      deadLetters()[0]?.headers ?? {};
    expect(Date.parse(last)).toBeGreaterThanOrEqual(Date.parse(first));
    expect(await metricOf('medley_consumer_retries_total', { kind: 'failed' })).toBe(2);
    expect(await metricOf('medley_consumer_records_total', { outcome: 'handled' })).toBe(2);
    expect(await metricOf('medley_consumer_records_total', { outcome: 'dead letter' })).toBe(1);
  });

  it('costs nothing when it succeeds in time', async () => {
    let failures = 2;
    const seen: number[] = [];
    start({
      attempts: 3,
      async handle(events, { attempt }) {
        expect(attempt).toBe(3 - failures);
        if (failures-- > 0) throw new Error('not yet');
        seen.push(...numbersOf(events));
      },
    });
    await log.deliver(bells.name, [bell(1), bell(2)]);
    expect(seen).toEqual([1, 2]);
    expect(log.appended.size).toBe(0);
  });

  it('throws what is no error, and that is told as well', async () => {
    start({
      attempts: 1,
      handle: async () => {
        throw 'a text';
      },
    });
    await log.deliver(bells.name, [bell(1)]);
    expect(deadLetters()[0]?.headers).toMatchObject({
      'dead-letter-reason': 'a text',
      'dead-letter-attempts': '1',
    });
  });

  it('may tell of a long story: the reason is cut', async () => {
    start({
      attempts: 1,
      handle: async () => {
        throw new Error('x'.repeat(100_000));
      },
    });
    await log.deliver(bells.name, [bell(1)]);
    expect(deadLetters()[0]?.headers?.['dead-letter-reason']?.length).toBe(1_000);
  });

  it('fails on tombstones too', async () => {
    start({
      attempts: 1,
      handle: async () => {},
      forget: async () => {
        throw new Error('cannot forget');
      },
    });
    await log.deliver(bellStates.name, [null]);
    expect(deadLetters(bellStates.name)).toMatchObject([
      { value: null, headers: { 'dead-letter-cause': 'failed' } },
    ]);
  });

  it('may refuse one of its events and have the effect of the others', async () => {
    const seen: number[] = [];
    start({
      async handle(events, { refuse }) {
        for (const consumed of events) {
          if (consumed.event.data.number === 2) refuse(consumed, 'this id was used with other content');
          else seen.push(consumed.event.data.number);
        }
      },
    });
    await log.deliver(bells.name, [bell(1), bell(2), bell(3)]);
    expect(seen).toEqual([1, 3]);
    expect(deadLetters()).toMatchObject([
      {
        headers: {
          'dead-letter-cause': 'refused',
          'dead-letter-reason': 'this id was used with other content',
          'dead-letter-attempts': '1',
        },
      },
    ]);
  });

  it('refuses nothing by an attempt that failed', async () => {
    start({
      async handle(events, { refuse, attempt }) {
        const [first] = events;
        if (attempt > 1 || !first) return;
        refuse(first, 'a first thought');
        throw new Error('not yet');
      },
    });
    await log.deliver(bells.name, [bell(1)]);
    expect(log.appended.size).toBe(0);
  });
});

describe('a failure that passes', () => {
  const refused = () => Object.assign(new Error('connect'), { code: 'ECONNREFUSED' });

  it('is waited out, however often it comes, and loses nothing', async () => {
    let failures = 30;
    const seen: number[] = [];
    start({
      attempts: 2,
      async handle(events) {
        if (failures-- > 0) throw refused();
        seen.push(...numbersOf(events));
      },
    });
    await log.deliver(bells.name, [bell(1), bell(2)]);
    expect(seen).toEqual([1, 2]);
    expect(log.appended.size).toBe(0);
    expect(await metricOf('medley_consumer_retries_total', { kind: 'transient' })).toBe(30);
  });

  it('shows that the partition waits, and that it goes on', async () => {
    let isAway = true;
    start({
      async handle() {
        if (isAway) throw refused();
      },
    });
    const waiting = () => metricOf('medley_consumer_waiting_partitions', { topic: bells.name });
    const delivered = log.deliver(bells.name, [bell(1)]);
    await expect.poll(waiting).toBe(1);
    isAway = false;
    await delivered;
    expect(await waiting()).toBe(0);
  });

  it('does not count as an attempt of the handler, nor does one among others', async () => {
    let call = 0;
    const seen: number[] = [];
    start({
      attempts: 2,
      async handle(events) {
        call += 1;
        if (call === 2) throw new Error('a bug');
        if (call < 5) throw refused();
        seen.push(...numbersOf(events));
      },
    });
    await log.deliver(bells.name, [bell(1)]);
    expect(seen).toEqual([1]);
  });

  it('is what the consumer says it is', async () => {
    let failures = 3;
    start({
      attempts: 1,
      isTransient: (error) => (error as Error).message === 'the index is being swapped',
      async handle() {
        if (failures-- > 0) throw new Error('the index is being swapped');
      },
    });
    await log.deliver(bells.name, [bell(1)]);
    expect(log.appended.size).toBe(0);
  });
});

describe('dead letters that cannot be written', () => {
  it.each([
    ['while the log is away', new LogUnavailableError('no leader')],
    ['while their topic is not there', new UnknownTopicError('test.bells.v1.dlq')],
  ])('hold the partition: %s', async (_, error) => {
    log.appendErrors.push(error, error, error);
    const seen: number[] = [];
    start({ handle: collect(seen) });
    await log.deliver(bells.name, [Buffer.from('{'), bell(2)]);
    expect(deadLetters()).toHaveLength(1);
    expect(seen).toEqual([2]);
  });

  it('do not call the handler once more for what failed', async () => {
    log.appendErrors.push(new LogUnavailableError('no leader'), new LogUnavailableError('no leader'));
    const handle = vi.fn(async () => {
      throw new Error('a bug');
    });
    start({ attempts: 2, handle });
    await log.deliver(bells.name, [bell(1)]);
    expect(handle).toHaveBeenCalledTimes(2);
    expect(deadLetters()).toHaveLength(1);
  });

  it('commit nothing when the consumer stops meanwhile', async () => {
    log.appendErrors.push(...Array.from({ length: 1_000 }, () => new LogUnavailableError('no leader')));
    start({ handle: async () => {} });
    const stopping = new AbortController();
    const delivered = log.deliver(bells.name, [Buffer.from('{')], stopping.signal);
    setTimeout(() => stopping.abort(), 20);
    await expect(delivered).rejects.toThrow('the same records will come again');
    expect(deadLetters()).toEqual([]);
  });
});

describe('stopping a consumer', () => {
  it('lets the log finish and commit what is under way', async () => {
    let finish = () => {};
    start({ handle: () => new Promise((resolve) => (finish = resolve)) });
    const stopping = new AbortController();
    const delivered = log.deliver(bells.name, [bell(1)], stopping.signal);
    await sleep(5);
    stopping.abort();
    finish();
    await delivered;
    await consumer?.stop();
    expect(log.stops.count).toBe(1);
  });

  it('does not wait for the end of a failure: the records come again elsewhere', async () => {
    start({
      backoff: { firstMs: 60_000, maxMs: 60_000 },
      handle: async () => {
        throw Object.assign(new Error('connect'), { code: 'ECONNREFUSED' });
      },
    });
    const stopping = new AbortController();
    const delivered = log.deliver(bells.name, [bell(1)], stopping.signal);
    setTimeout(() => stopping.abort(), 20);
    await expect(delivered).rejects.toThrow();
    expect(log.appended.size).toBe(0);
  });

  it('makes no dead letters of what a handler gave up because it had to stop', async () => {
    const stopping = new AbortController();
    start({
      attempts: 1,
      async handle(_, { signal }) {
        await sleep(60_000, undefined, { signal });
      },
    });
    const delivered = log.deliver(bells.name, [bell(1)], stopping.signal);
    setTimeout(() => stopping.abort(), 20);
    await expect(delivered).rejects.toThrow();
    expect(log.appended.size).toBe(0);
  });

  it('tells of no failure of a handler that gave up because it had to stop', async () => {
    const lines: string[] = [];
    const logger = createLogger('test', 'warn', { write: (line: string) => lines.push(line) });
    const stopping = new AbortController();
    start({
      logger,
      attempts: 1,
      async handle(_, { signal }) {
        await sleep(60_000, undefined, { signal });
      },
    });
    const delivered = log.deliver(bells.name, [bell(1), bell(2)], stopping.signal);
    setTimeout(() => stopping.abort(), 20);
    await expect(delivered).rejects.toThrow();
    expect(lines).toEqual([]);
  });

  it('begins with nothing once it has to stop', async () => {
    const handle = vi.fn(async () => {});
    start({ handle });
    await expect(log.deliver(bells.name, [bell(1)], AbortSignal.abort())).rejects.toThrow();
    expect(handle).not.toHaveBeenCalled();
  });

  it('happens once, and is no crash', async () => {
    const { stop, findUnready } = start({ handle: async () => {} });
    expect(stop()).toBe(stop());
    await stop();
    log.subscribed[0]?.onCrash(new Error('too late'));
    expect(log.stops.count).toBe(1);
    expect(crashes).toEqual([]);
    expect(findUnready()).toEqual([]);
  });
});

describe('a consumer that ends for good', () => {
  it('says so once, in the log and to who asks whether it is ready', async () => {
    const lines: string[] = [];
    const logger = createLogger('test', 'info', { write: (line: string) => lines.push(line) });
    const { findUnready } = start({ logger, handle: async () => {} });
    expect(findUnready()).toEqual([]);
    log.subscribed[0]?.onCrash(new Error('the group was deleted'));
    log.subscribed[0]?.onCrash(new Error('again'));
    expect(crashes.map(({ message }) => message)).toEqual(['the group was deleted']);
    expect(findUnready()).toEqual(['the consumer test.ringers has ended: the group was deleted']);
    expect(lines.filter((line) => line.includes('"level":60'))).toHaveLength(1);
  });

  it('counts as such when it could not begin', async () => {
    log.subscribe = async () => {
      throw new UnknownTopicError('test.bells.v1');
    };
    const { findUnready, stop } = start({ handle: async () => {} });
    await expect.poll(() => crashes).toHaveLength(1);
    expect(findUnready()).toHaveLength(1);
    await stop();
  });
});

describe('what an operator sees', () => {
  it('is how much waits, when it last worked, how late it was', async () => {
    const at = { topic: bells.name, partition: 0, committed: 5n, lag: 7n };
    log.positions = [at, { ...at, partition: 1, lag: 3n }, { ...at, topic: bellStates.name, lag: 100n }];
    start({ handle: async () => {} });
    const labels = { group: 'test.ringers', topic: bells.name };
    await expect.poll(() => metricOf('medley_consumer_lag_records', labels)).toBe(10);
    await log.deliver(bells.name, [{ value: bell(1), time: new Date(Date.now() - 2_000) }]);
    expect(await metricOf('medley_consumer_last_success_seconds', labels)).toBeCloseTo(
      Date.now() / 1_000,
      -1,
    );
    const delays = await metrics.registry.getSingleMetricAsString('medley_consumer_delay_seconds');
    expect(delays).toMatch(/le="1",.*\} 0\n.*le="2.5",.*\} 1\n/);
    await consumer?.stop();
    expect(await metricOf('medley_consumer_lag_records', labels)).toBeUndefined();
  });

  it('is told when a topic is missing, for which the group may wait', async () => {
    const lines: string[] = [];
    const logger = createLogger('test', 'warn', { write: (line: string) => lines.push(line) });
    log.admin.positions = async () => {
      throw new UnknownTopicError('test.bells.v1.retry');
    };
    start({ logger, handle: async () => {} });
    await expect.poll(() => lines.join()).toContain('there is no topic');
  });

  it('is told by two consumers of one process side by side', async () => {
    start({ handle: async () => {} });
    const other = startConsumer({
      log: createFakeLog(),
      group: 'test.others',
      topics: [bells],
      handle: async () => {},
      logger: silentLogger,
      metrics,
      onCrash: () => {},
    });
    await other.stop();
  });
});
