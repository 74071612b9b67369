import { randomUUID } from 'node:crypto';
import { expect, it } from 'vitest';
import { GroupActiveError, UnknownTopicError } from '../../src/index.ts';
import {
  collector,
  day,
  describeEventLogs,
  newGroup,
  numbers,
  patience,
  record,
  textOf,
} from './event-logs.ts';

describeEventLogs('for operators', ({ subject, newTopic, appendValues, subscribe, tail, untilDone }) => {
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
    expect(await admin.positions(group, [topic])).toEqual([{ topic, partition: 0, committed: 5n, lag: 2n }]);
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
    expect(await admin.positions(group, [topic])).toEqual([{ topic, partition: 0, committed: 4n, lag: 2n }]);
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
