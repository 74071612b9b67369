import { randomUUID } from 'node:crypto';
import { expect, it } from 'vitest';
import {
  type LogRecord,
  maxRecordBytes,
  RecordTooLargeError,
  type StoredRecord,
  UnknownTopicError,
} from '../../src/index.ts';
import { describeEventLogs, numbers, record, textOf } from './event-logs.ts';

describeEventLogs('appending', ({ subject, newTopic, appendValues }) => {
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
