import { expect, it } from 'vitest';
import { describeEventLogs, numbers, patience, textOf } from './event-logs.ts';

describeEventLogs('as every process sees it', ({ subject, subscriptions, newTopic, appendValues, tail }) => {
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
