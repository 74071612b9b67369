import { expect, it } from 'vitest';
import { LogUnavailableError } from '../../src/index.ts';
import { collector, describeEventLogs, newGroup, numbers, patience, record } from './event-logs.ts';

describeEventLogs(
  'opened and closed',
  ({ subject, newTopic, appendValues, subscribe, tail, lagOf, untilDone }) => {
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
  },
);
