import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  type BatchHandler,
  type EventLog,
  GroupActiveError,
  type LogRecord,
  LogUnavailableError,
  maxRecordBytes,
  RecordTooLargeError,
  type StoredRecord,
  type SubscribeOptions,
  type Subscription,
  UnknownTopicError,
} from '../src/index.ts';
import { type Subject, startEmbedded, startKafka, startServed } from './event-log-subjects.ts';

const { TEST_KAFKA_BROKERS } = process.env;
if (!TEST_KAFKA_BROKERS) console.info('Event log: Kafka is left out, as TEST_KAFKA_BROKERS is not set.');

// A group of Kafka takes seconds to change its members, on a busy machine many.
const patience = { timeout: 40_000, interval: 20 };
const day = 86_400_000;

describe.each<readonly [string, () => Promise<Subject>]>([
  ['on disk, in this process', startEmbedded],
  ['of another process', startServed],
  ...(TEST_KAFKA_BROKERS ? [['in Kafka', () => startKafka(TEST_KAFKA_BROKERS)] as const] : []),
])('an event log %s', (_where, start) => {
  let subject: Subject;
  const subscriptions: Subscription[] = [];
  beforeAll(async () => {
    subject = await start();
  });
  afterAll(async () => {
    await Promise.all(subscriptions.map((subscription) => subscription.stop()));
    await subject.stop();
  });

  async function newTopic(partitions = 1, retentionMs: number | null = day): Promise<string> {
    const name = `test.${randomUUID()}.v1`;
    await subject.log.admin.ensureTopics([{ name, partitions, retentionMs }]);
    return name;
  }

  const newGroup = () => `test.${randomUUID()}`;
  const record = (key: string, value: string | null = key) => ({
    key,
    value: value === null ? null : Buffer.from(value),
  });
  const appendValues = (topic: string, values: readonly string[]) =>
    subject.log.append(
      topic,
      values.map((value) => record(value)),
    );
  const numbers = (count: number, name = 'r') =>
    Array.from({ length: count }, (_, index) => `${name}${index}`);
  const textOf = ({ value }: { value: Buffer | null }) => (value === null ? null : value.toString());

  async function subscribe(
    topic: string,
    handle: BatchHandler,
    options: Partial<SubscribeOptions> = {},
    log: EventLog = subject.log,
  ): Promise<Subscription> {
    const subscription = await log.subscribe({
      group: newGroup(),
      topics: [topic],
      handle,
      onCrash: (error) => {
        throw error;
      },
      ...options,
    });
    subscriptions.push(subscription);
    return subscription;
  }

  /** Collects what a subscription gets. */
  function collector() {
    const records: StoredRecord[] = [];
    const handle: BatchHandler = async (batch) => void records.push(...batch.records);
    return { records, handle, texts: () => records.map(textOf) };
  }

  async function tail(topic: string, from: 'beginning' | 'end' | Date, log: EventLog = subject.log) {
    const records: StoredRecord[] = [];
    let caughtUpAfter: number | null = null;
    const subscription = await log.tail({
      topic,
      from,
      handle: (got) => void records.push(...got),
      onCaughtUp: () => {
        caughtUpAfter = records.length;
      },
      onCrash: (error) => {
        throw error;
      },
    });
    subscriptions.push(subscription);
    await expect.poll(() => caughtUpAfter, patience).not.toBeNull();
    return { subscription, caughtUpAfter, records, texts: () => records.map(textOf) };
  }

  const lagOf = async (group: string, topic: string) => {
    const positions = await subject.log.admin.positions(group, [topic]);
    return positions.reduce((sum, { lag }) => sum + lag, 0n);
  };

  /** Until the group has committed all. */
  const untilDone = (group: string, topic: string) =>
    expect.poll(() => lagOf(group, topic), patience).toBe(0n);

  describe('appending', () => {
    it('tells the place of each record, in the order given', async () => {
      const topic = await newTopic(3);
      const values = numbers(30);
      const places = await appendValues(topic, values);
      expect(places).toHaveLength(30);
      for (const [index, place] of places.entries()) {
        expect(place.topic).toBe(topic);
        const [stored] = await subject.log.admin.read(topic, place.partition, place.offset, 1);
        expect(stored).toMatchObject({ topic, partition: place.partition, offset: place.offset });
        expect(stored && textOf(stored)).toBe(values[index]);
      }
    });

    it('keeps the records of a key in one partition and in their order, from one call to the next', async () => {
      const topic = await newTopic(6);
      const places = [];
      for (const value of numbers(5))
        places.push(...(await subject.log.append(topic, [record('same', value)])));
      places.push(
        ...(await subject.log.append(
          topic,
          numbers(5, 's').map((value) => record('same', value)),
        )),
      );
      const partitions = new Set(places.map(({ partition }) => partition));
      expect(partitions.size).toBe(1);
      for (const [index, { offset }] of places.entries()) {
        if (index > 0) expect(offset).toBeGreaterThan(places[index - 1]?.offset ?? -1n);
      }
      const [partition = -1] = partitions;
      const stored = await subject.log.admin.read(topic, partition, 0n, 100);
      expect(stored.map(textOf)).toEqual([...numbers(5), ...numbers(5, 's')]);
    });

    it('puts a key where every process puts it', async () => {
      const topic = await newTopic(12);
      const other = await subject.connect();
      const keys = numbers(40).map((value) => record(value));
      const here = await subject.log.append(topic, keys);
      const there = await other.append(topic, keys);
      expect(there.map(({ partition }) => partition)).toEqual(here.map(({ partition }) => partition));
      expect(new Set(here.map(({ partition }) => partition)).size).toBeGreaterThan(4);
    });

    it('takes many calls at once and gives each record a place of its own', async () => {
      const topic = await newTopic(4);
      const calls = await Promise.all(
        numbers(200).map((name) => appendValues(topic, [`${name}-a`, `${name}-b`])),
      );
      const places = calls.flat().map(({ partition, offset }) => `${partition}:${offset}`);
      expect(new Set(places).size).toBe(400);
      const offsets = await subject.log.admin.offsets(topic);
      expect(offsets.reduce((sum, { low, high }) => sum + high - low, 0n)).toBe(400n);
    });

    it('keeps key, value and headers as they are, and says when they were appended', async () => {
      const topic = await newTopic();
      const before = Date.now();
      const given: LogRecord[] = [
        {
          key: 'Beyoncé 宇多田ヒカル 🎵',
          value: Buffer.from([0, 255, 128, 10]),
          headers: { reason: 'größer' },
        },
        { key: 'empty', value: Buffer.alloc(0), headers: {} },
        { key: 'long', value: Buffer.alloc(1_000_000, 'x'), headers: { a: '', b: '1' } },
      ];
      await subject.log.append(topic, given);
      const stored: StoredRecord[] = [];
      while (stored.length < 3) {
        const from = (stored.at(-1)?.offset ?? -1n) + 1n;
        stored.push(...(await subject.log.admin.read(topic, 0, from, 10)));
      }
      for (const [index, expected] of given.entries()) {
        const { key, value, headers, time } = stored[index] as StoredRecord;
        expect(key).toBe(expected.key);
        expect(value?.equals(expected.value ?? Buffer.alloc(0))).toBe(true);
        expect(headers).toEqual(expected.headers);
        // The clock of the log may be another than ours, on a machine of the same network.
        expect(Math.abs(time.getTime() - before)).toBeLessThan(60_000);
      }
    });

    it('keeps tombstones apart from empty values', async () => {
      const topic = await newTopic(1, null);
      await subject.log.append(topic, [record('gone', ''), record('gone', null)]);
      const stored = await subject.log.admin.read(topic, 0, 0n, 10);
      expect(stored.at(-1)?.value).toBeNull();
    });

    it('refuses a record that is too large, and takes nothing of that call', async () => {
      const topic = await newTopic();
      const large = { key: 'k', value: Buffer.alloc(maxRecordBytes) };
      await expect(subject.log.append(topic, [record('small'), large])).rejects.toThrow(RecordTooLargeError);
      const headers = { h: 'x'.repeat(maxRecordBytes) };
      await expect(subject.log.append(topic, [{ ...record('small'), headers }])).rejects.toThrow(
        RecordTooLargeError,
      );
      expect(await subject.log.admin.offsets(topic)).toEqual([{ partition: 0, low: 0n, high: 0n }]);
    });

    it('refuses a topic that is not there', async () => {
      await expect(subject.log.append(`none.${randomUUID()}`, [record('k')])).rejects.toThrow(
        UnknownTopicError,
      );
    });

    it('takes none', async () => {
      expect(await subject.log.append(await newTopic(), [])).toEqual([]);
    });
  });

  describe('consuming as a group', () => {
    it('hands over everything from the beginning, partition by partition in order, in batches of at most maxBatch', async () => {
      const topic = await newTopic(3);
      await appendValues(topic, numbers(100));
      const group = newGroup();
      const batches: { partition: number; records: readonly StoredRecord[] }[] = [];
      await subscribe(topic, async (batch) => void batches.push(batch), { group, maxBatch: 7 });
      await untilDone(group, topic);
      const seen = batches.flatMap(({ records }) => records);
      expect(seen.map(textOf).sort()).toEqual(numbers(100).sort());
      const last = new Map<number, bigint>();
      for (const { partition, records } of batches) {
        expect(records.length).toBeGreaterThanOrEqual(1);
        expect(records.length).toBeLessThanOrEqual(7);
        for (const { partition: own, offset } of records) {
          expect(own).toBe(partition);
          expect(offset).toBeGreaterThan(last.get(partition) ?? -1n);
          last.set(partition, offset);
        }
      }
    });

    it('hands over what comes later, of every topic it asked for', async () => {
      const [one, two] = [await newTopic(2), await newTopic(2)];
      const got = collector();
      await subscribe(one, got.handle, { topics: [one, two] });
      await appendValues(one, ['a', 'b']);
      await expect.poll(() => got.texts().sort(), patience).toEqual(['a', 'b']);
      await appendValues(two, ['c', 'd']);
      await expect.poll(() => got.texts().sort(), patience).toEqual(['a', 'b', 'c', 'd']);
      expect(new Set(got.records.map(({ topic }) => topic))).toEqual(new Set([one, two]));
    });

    it('begins at the end when told to', async () => {
      const topic = await newTopic();
      await appendValues(topic, ['old']);
      const got = collector();
      await subscribe(topic, got.handle, { from: 'end' });
      // When a group has begun shows by what it gets.
      let probes = 0;
      const probe = async () => {
        await appendValues(topic, [`new${probes++}`]);
        return got.records.length;
      };
      await expect.poll(probe, { ...patience, interval: 200 }).toBeGreaterThan(0);
      expect(got.texts()).not.toContain('old');
    });

    it('gives each group everything', async () => {
      const topic = await newTopic(2);
      await appendValues(topic, numbers(20));
      const [first, second] = [collector(), collector()];
      await subscribe(topic, first.handle);
      await subscribe(topic, second.handle, {}, await subject.connect());
      await expect.poll(() => first.texts().sort(), patience).toEqual(numbers(20).sort());
      await expect.poll(() => second.texts().sort(), patience).toEqual(numbers(20).sort());
    });

    it('goes on after the last commit', async () => {
      const topic = await newTopic(2);
      const group = newGroup();
      const before = collector();
      await appendValues(topic, numbers(20, 'a'));
      const subscription = await subscribe(topic, before.handle, { group });
      await untilDone(group, topic);
      await subscription.stop();
      await appendValues(topic, numbers(20, 'b'));

      const after = collector();
      const again = await subscribe(topic, after.handle, { group });
      await untilDone(group, topic);
      await again.stop();
      expect(before.texts().sort()).toEqual(numbers(20, 'a').sort());
      expect(after.texts().sort()).toEqual(numbers(20, 'b').sort());
    });

    it('brings the same records again when the handler rejects, and no others before', async () => {
      const topic = await newTopic();
      await appendValues(topic, numbers(3));
      const group = newGroup();
      const tries: (string | null)[][] = [];
      const handle: BatchHandler = async ({ records }) => {
        tries.push(records.map(textOf));
        if (tries.length <= 2) throw new Error('not yet');
      };
      await subscribe(topic, handle, { group, maxBatch: 2 });
      await untilDone(group, topic);
      expect(tries.slice(0, 3).map(([first]) => first)).toEqual(['r0', 'r0', 'r0']);
      expect(tries.slice(2).flat()).toEqual(['r0', 'r1', 'r2']);
    });

    it('commits nothing of what its handler rejects', async () => {
      const topic = await newTopic();
      await appendValues(topic, ['a']);
      const group = newGroup();
      let tries = 0;
      const subscription = await subscribe(
        topic,
        async () => {
          tries += 1;
          throw new Error('never');
        },
        { group },
      );
      await expect.poll(() => tries, patience).toBeGreaterThan(1);
      await subscription.stop();
      expect(await lagOf(group, topic)).toBe(1n);
      const got = collector();
      await subscribe(topic, got.handle, { group });
      await expect.poll(got.texts, patience).toEqual(['a']);
    });

    it('lets other partitions go on while one waits', async () => {
      const topic = await newTopic(2);
      const places = await appendValues(topic, numbers(20));
      const [stuck = -1] = places.map(({ partition }) => partition);
      const others = places.filter(({ partition }) => partition !== stuck).length;
      expect(others).toBeGreaterThan(0);
      let release = () => {};
      const released = new Promise<void>((resolve) => {
        release = resolve;
      });
      let callsOfStuck = 0;
      let callsAtOnce = 0;
      let went = 0;
      const group = newGroup();
      await subscribe(
        topic,
        async ({ partition, records, heartbeat }) => {
          if (partition !== stuck) {
            went += records.length;
            return;
          }
          callsOfStuck += 1;
          callsAtOnce += 1;
          await heartbeat();
          await released;
          expect(callsAtOnce).toBe(1);
          callsAtOnce -= 1;
        },
        { group, maxBatch: 1 },
      );
      await expect.poll(() => went, patience).toBe(others);
      await expect.poll(() => callsOfStuck, patience).toBe(1);
      release();
      await untilDone(group, topic);
      expect(callsOfStuck).toBe(20 - others);
    });

    it('stops when what it began is done and committed', async () => {
      const topic = await newTopic();
      await appendValues(topic, numbers(10));
      const group = newGroup();
      let began = false;
      let ended = false;
      let aborted: AbortSignal | null = null;
      let release = () => {};
      const released = new Promise<void>((resolve) => {
        release = resolve;
      });
      const first: (string | null)[] = [];
      const subscription = await subscribe(
        topic,
        async ({ records, signal }) => {
          began = true;
          aborted = signal;
          first.push(...records.map(textOf));
          await released;
          ended = true;
        },
        { group, maxBatch: 4 },
      );
      await expect.poll(() => began, patience).toBe(true);
      expect(aborted).toMatchObject({ aborted: false });
      const stopping = subscription.stop();
      await expect.poll(() => aborted, patience).toMatchObject({ aborted: true });
      expect(ended).toBe(false);
      release();
      await stopping;
      await subscription.stop();
      expect(ended).toBe(true);
      expect(first).toEqual(numbers(first.length));

      const got = collector();
      await subscribe(topic, got.handle, { group });
      await untilDone(group, topic);
      expect(got.texts()).toEqual(numbers(10).slice(first.length));
    });

    it('shares the partitions among its members, and gives them to who is left', async () => {
      const topic = await newTopic(4);
      const group = newGroup();
      const [one, two] = [collector(), collector()];
      await subscribe(topic, one.handle, { group });
      const second = await subscribe(topic, two.handle, { group }, await subject.connect());
      const keys = numbers(40);
      // Until both have got something: a member needs a while to be let in.
      const both = async () => {
        await appendValues(topic, keys);
        return one.records.length > 0 && two.records.length > 0;
      };
      await expect.poll(both, { ...patience, interval: 250 }).toBe(true);
      await untilDone(group, topic);
      const [mine, theirs] = [one.records.length, two.records.length];
      await appendValues(topic, keys);
      await untilDone(group, topic);
      const partitionsOf = (records: readonly StoredRecord[]) =>
        new Set(records.map(({ partition }) => partition));
      const shared = [...partitionsOf(one.records.slice(mine)), ...partitionsOf(two.records.slice(theirs))];
      expect(shared.sort()).toEqual([0, 1, 2, 3]);

      await second.stop();
      const left = one.records.length;
      await appendValues(topic, keys);
      await untilDone(group, topic);
      expect(one.records.slice(left).map(textOf).sort()).toEqual(keys.toSorted());
    });

    it('loses nothing while members come and go', async () => {
      const topic = await newTopic(4);
      const group = newGroup();
      const seen = new Set<string | null>();
      const handle: BatchHandler = async ({ records }) => {
        for (const each of records) seen.add(textOf(each));
      };
      const other = await subject.connect();
      let sent = 0;
      let appending = true;
      const producer = (async () => {
        while (appending) {
          await appendValues(
            topic,
            Array.from({ length: 20 }, () => `n${sent++}`),
          );
          await new Promise((resolve) => setTimeout(resolve, 10));
        }
      })();
      const grows = async () => {
        const before = seen.size;
        await expect.poll(() => seen.size, patience).toBeGreaterThan(before);
      };
      await subscribe(topic, handle, { group, maxBatch: 10 });
      await grows();
      const second = await subscribe(topic, handle, { group, maxBatch: 10 }, other);
      await grows();
      await second.stop();
      await grows();
      const third = await subscribe(topic, handle, { group, maxBatch: 10 }, other);
      await grows();
      appending = false;
      await producer;
      await untilDone(group, topic);
      await third.stop();
      expect(seen.size).toBe(sent);
    });

    it('loses nothing of what a member had begun when it stopped or had to give partitions away', async () => {
      const topic = await newTopic(4);
      const group = newGroup();
      const seen = new Set<string | null>();
      let [sent, overlaps] = [0, 0];
      const createHandler = (): BatchHandler => {
        const busy = new Set<number>();
        return async ({ partition, records }) => {
          if (busy.has(partition)) overlaps += 1;
          busy.add(partition);
          // Now and then for longer than anybody waits for it.
          await new Promise((resolve) => setTimeout(resolve, seen.size % 7 === 0 ? 500 : 5));
          for (const each of records) seen.add(textOf(each));
          busy.delete(partition);
        };
      };
      let appending = true;
      const producer = (async () => {
        while (appending) {
          await appendValues(
            topic,
            Array.from({ length: 10 }, () => `n${sent++}`),
          );
          await new Promise((resolve) => setTimeout(resolve, 20));
        }
      })();
      const other = await subject.connect();
      const join = (log: EventLog) => subscribe(topic, createHandler(), { group, maxBatch: 5 }, log);
      const grow = async () => {
        const before = seen.size;
        await expect.poll(() => seen.size, patience).toBeGreaterThan(before + 40);
      };
      let member = await join(subject.log);
      for (let round = 0; round < 3; round++) {
        await grow();
        const next = await join(round % 2 === 0 ? other : subject.log);
        await grow();
        await member.stop();
        member = next;
      }
      appending = false;
      await producer;
      await untilDone(group, topic);
      expect(seen.size).toBe(sent);
      expect(overlaps).toBe(0);
    });
  });

  describe('as every process sees it', () => {
    it('shows all from the beginning, says when that is done, and goes on', async () => {
      const topic = await newTopic(3);
      await appendValues(topic, numbers(3_000));
      const got = await tail(topic, 'beginning');
      expect(got.caughtUpAfter).toBeGreaterThanOrEqual(3_000);
      expect(got.texts().sort()).toEqual(numbers(3_000).sort());
      await appendValues(topic, ['later']);
      await expect.poll(() => got.records.length, patience).toBe(3_001);
      expect(got.texts().at(-1)).toBe('later');
      await got.subscription.stop();
    });

    it('shows only what is new from the end', async () => {
      const topic = await newTopic(3);
      await appendValues(topic, numbers(10));
      const got = await tail(topic, 'end');
      await appendValues(topic, numbers(10, 'new'));
      await expect.poll(() => got.texts().sort(), patience).toEqual(numbers(10, 'new').sort());
    });

    it('shows what is as new as a time', async () => {
      const topic = await newTopic();
      await appendValues(topic, numbers(3, 'old'));
      const past = await subject.log.admin.read(topic, 0, 0n, 10);
      const time = new Date((past.at(-1)?.time.getTime() ?? 0) + 1);
      await expect.poll(() => Date.now(), patience).toBeGreaterThan(time.getTime() + 5);
      await appendValues(topic, numbers(3, 'new'));
      const got = await tail(topic, time);
      expect(got.texts()).toEqual(numbers(3, 'new'));
    });

    it('shows everything to each who looks, and is done at once where there is nothing', async () => {
      const topic = await newTopic(2);
      const looks = await Promise.all([
        tail(topic, 'beginning'),
        tail(topic, 'beginning', await subject.connect()),
      ]);
      await appendValues(topic, numbers(20));
      for (const { texts } of looks)
        await expect.poll(() => texts().sort(), patience).toEqual(numbers(20).sort());
    });

    it('shows again what its handler rejects, until it takes it', async () => {
      const topic = await newTopic();
      const taken: (string | null)[] = [];
      let rejected = 0;
      const subscription = await subject.log.tail({
        ...{ topic, from: 'beginning' },
        async handle(records) {
          if (taken.length === 2 && rejected < 2) {
            rejected += 1;
            throw new Error('not yet');
          }
          taken.push(...records.map(textOf));
        },
        onCrash: (error) => {
          throw error;
        },
      });
      subscriptions.push(subscription);
      await appendValues(topic, ['a', 'b']);
      await expect.poll(() => taken, patience).toEqual(['a', 'b']);
      await appendValues(topic, ['c', 'd']);
      await expect.poll(() => taken, patience).toEqual(['a', 'b', 'c', 'd']);
      expect(rejected).toBe(2);
    });

    it('shows nothing more when it has stopped', async () => {
      const topic = await newTopic();
      const [stopped, other] = [await tail(topic, 'end'), await tail(topic, 'end')];
      await stopped.subscription.stop();
      await stopped.subscription.stop();
      await appendValues(topic, ['late']);
      await expect.poll(other.texts, patience).toEqual(['late']);
      expect(stopped.texts()).toEqual([]);
    });
  });

  describe('for operators', () => {
    it('makes topics, adds partitions and never takes any away', async () => {
      const name = await newTopic(2);
      const { admin } = subject.log;
      await admin.ensureTopics([{ name, partitions: 4, retentionMs: 2 * day }]);
      await expect.poll(async () => (await admin.offsets(name)).length, patience).toBe(4);
      await admin.ensureTopics([{ name, partitions: 2, retentionMs: day }]);
      expect(await admin.offsets(name)).toHaveLength(4);
      await admin.ensureTopics([]);
    });

    it('hands over the partitions that were added while it consumed', async () => {
      const name = await newTopic(1);
      const got = collector();
      await subscribe(name, got.handle);
      await appendValues(name, ['before']);
      await expect.poll(got.texts, patience).toEqual(['before']);
      await subject.log.admin.ensureTopics([{ name, partitions: 6, retentionMs: day }]);
      const spread = async () => {
        await appendValues(name, numbers(20));
        return new Set(got.records.map(({ partition }) => partition)).size;
      };
      await expect.poll(spread, { ...patience, interval: 250 }).toBe(6);
    });

    it('knows the first offset, the one after the last, and those of a time', async () => {
      const topic = await newTopic(2);
      const { admin } = subject.log;
      expect(await admin.offsets(topic)).toEqual([
        { partition: 0, low: 0n, high: 0n },
        { partition: 1, low: 0n, high: 0n },
      ]);
      const places = await appendValues(topic, numbers(10));
      const inFirst = BigInt(places.filter(({ partition }) => partition === 0).length);
      expect(await admin.offsets(topic)).toEqual([
        { partition: 0, low: 0n, high: inFirst },
        { partition: 1, low: 0n, high: 10n - inFirst },
      ]);
      expect(await admin.offsetsAt(topic, new Date(0))).toEqual([
        { partition: 0, offset: 0n },
        { partition: 1, offset: 0n },
      ]);
      expect(await admin.offsetsAt(topic, new Date(Date.now() + day))).toEqual([
        { partition: 0, offset: inFirst },
        { partition: 1, offset: 10n - inFirst },
      ]);
      await expect(admin.offsets(`none.${randomUUID()}`)).rejects.toThrow(UnknownTopicError);
      await expect(admin.offsetsAt(`none.${randomUUID()}`, new Date())).rejects.toThrow(UnknownTopicError);
    });

    it('tells where a group stands and how much waits for it', async () => {
      const topic = await newTopic(1);
      await appendValues(topic, numbers(5));
      const group = newGroup();
      const { admin } = subject.log;
      expect(await admin.positions(group, [topic])).toEqual([
        { topic, partition: 0, committed: null, lag: 5n },
      ]);
      const subscription = await subscribe(topic, collector().handle, { group });
      await untilDone(group, topic);
      await subscription.stop();
      await appendValues(topic, numbers(2));
      expect(await admin.positions(group, [topic])).toEqual([
        { topic, partition: 0, committed: 5n, lag: 2n },
      ]);
    });

    it('sets where a group goes on, but not while it consumes', async () => {
      const topic = await newTopic(1);
      await appendValues(topic, numbers(6));
      const group = newGroup();
      const { admin } = subject.log;
      const got = collector();
      const subscription = await subscribe(topic, got.handle, { group });
      await untilDone(group, topic);
      const set = (offset: bigint) => admin.setPositions(group, topic, [{ partition: 0, offset }]);
      await expect(set(2n)).rejects.toThrow(GroupActiveError);
      await subscription.stop();
      await set(4n);
      expect(await admin.positions(group, [topic])).toEqual([
        { topic, partition: 0, committed: 4n, lag: 2n },
      ]);
      const again = collector();
      await subscribe(topic, again.handle, { group });
      await expect.poll(again.texts, patience).toEqual(['r4', 'r5']);
    });

    it('sets where a group begins that never was', async () => {
      const topic = await newTopic(1);
      await appendValues(topic, numbers(3));
      const group = newGroup();
      await subject.log.admin.setPositions(group, topic, [{ partition: 0, offset: 2n }]);
      const got = collector();
      await subscribe(topic, got.handle, { group });
      await expect.poll(got.texts, patience).toEqual(['r2']);
    });

    it('reads a range, oldest first, and nothing at the end', async () => {
      const topic = await newTopic(1);
      await appendValues(topic, numbers(10));
      const { admin } = subject.log;
      const texts = async (from: bigint, limit: number) =>
        (await admin.read(topic, 0, from, limit)).map(textOf);
      expect(await texts(3n, 4)).toEqual(['r3', 'r4', 'r5', 'r6']);
      expect(await texts(8n, 100)).toEqual(['r8', 'r9']);
      expect(await texts(10n, 100)).toEqual([]);
    });

    it('keeps the last of each key in a compacted topic', async ({ skip }) => {
      const { compact } = subject;
      skip(compact === null, 'when it compacts is for Kafka to decide');
      const topic = await newTopic(1, null);
      for (const round of ['old', 'older', 'new']) {
        await subject.log.append(
          topic,
          numbers(50).map((key) => record(key, `${key} ${round}`)),
        );
      }
      await compact?.();
      const left = await subject.log.admin.read(topic, 0, 0n, 1_000);
      expect(left.map(textOf)).toEqual(numbers(50).map((key) => `${key} new`));
      expect(await tail(topic, 'beginning')).toMatchObject({ caughtUpAfter: 50 });
      const group = newGroup();
      const got = collector();
      await subscribe(topic, got.handle, { group, maxBatch: 20 });
      await untilDone(group, topic);
      expect(got.records).toHaveLength(50);
    });
  });

  it('answers a ping', async () => {
    await subject.log.ping(5_000);
  });

  it('finds everything again when it is opened anew, and goes on where its groups were', async () => {
    const topic = await newTopic(2);
    const group = newGroup();
    await appendValues(topic, numbers(20, 'a'));
    await subscribe(topic, collector().handle, { group });
    await untilDone(group, topic);
    const closed = subject.log;
    await subject.reopen();
    await expect(closed.append(topic, [record('k')])).rejects.toThrow(LogUnavailableError);
    await closed.close();

    const places = await appendValues(topic, numbers(20, 'b'));
    const got = collector();
    await subscribe(topic, got.handle, { group });
    await untilDone(group, topic);
    expect(got.texts().sort()).toEqual(numbers(20, 'b').sort());
    const offsets = await subject.log.admin.offsets(topic);
    expect(offsets.reduce((sum, { high }) => sum + high, 0n)).toBe(40n);
    expect(places).toHaveLength(20);
    const all = await tail(topic, 'beginning');
    expect(all.records).toHaveLength(40);
  });

  it('finishes what is under way when it closes', async () => {
    const topic = await newTopic(1);
    await appendValues(topic, ['a']);
    const log = subject.log;
    const group = newGroup();
    let ended = false;
    let began = false;
    await subscribe(
      topic,
      async ({ signal }) => {
        began = true;
        if (!signal.aborted) await new Promise((resolve) => signal.addEventListener('abort', resolve));
        ended = true;
      },
      { group },
    );
    await expect.poll(() => began, patience).toBe(true);
    const appended = log.append(
      topic,
      numbers(50).map((key) => record(key)),
    );
    await Promise.all([subject.reopen(), appended]);
    expect(ended).toBe(true);
    const offsets = await subject.log.admin.offsets(topic);
    expect(offsets.reduce((sum, { high }) => sum + high, 0n)).toBe(51n);
    expect(await lagOf(group, topic)).toBe(50n);
  });
});
