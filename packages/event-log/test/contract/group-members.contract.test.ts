import { expect, it } from 'vitest';
import type { BatchHandler, EventLog, StoredRecord } from '../../src/index.ts';
import { collector, describeEventLogs, newGroup, numbers, patience, textOf } from './event-logs.ts';

describeEventLogs('the members of a group', ({ subject, newTopic, appendValues, subscribe, untilDone }) => {
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
