import { expect, it } from 'vitest';
import type { BatchHandler, StoredRecord } from '../../src/index.ts';
import { collector, describeEventLogs, newGroup, numbers, patience, textOf } from './event-logs.ts';

describeEventLogs(
  'consuming as a group',
  ({ subject, newTopic, appendValues, subscribe, lagOf, untilDone }) => {
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
  },
);
