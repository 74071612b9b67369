import { randomUUID } from 'node:crypto';
import { openTestEventLog } from '@medley/testing/event-log';
import { expect, it, onTestFinished } from 'vitest';
import { followGroup } from '../src/index.ts';

const group = 'followed';

async function openTopic() {
  const { log, close } = await openTestEventLog();
  onTestFinished(close);
  const topic = `test.${randomUUID()}.v1`;
  await log.admin.ensureTopics([{ name: topic, partitions: 3, retentionMs: 86_400_000 }]);
  const append = (key: string) => log.append(topic, [{ key, value: Buffer.from('{}') }]);
  return { log, topic, append };
}

it('is over at once where there is nothing, though nobody ever consumed', async () => {
  const { log, topic } = await openTopic();
  expect(await followGroup(log, { group, topic })).toBe(true);
});

it('ends when the group has handled what there was on each partition, and not before', async () => {
  const { log, topic, append } = await openTopic();
  for (let key = 0; key < 10; key += 1) await append(`key ${key}`);
  const told: { readonly handled: bigint; readonly of: bigint }[] = [];
  const following = followGroup(log, {
    ...{ group, topic, intervalMs: 10 },
    onProgress: (progress) => told.push(progress),
  });
  const ends = (await log.admin.offsets(topic)).filter(({ low, high }) => low < high);
  expect(ends.length).toBeGreaterThan(1);
  let handled = 0n;
  for (const { partition, high } of ends) {
    expect(told).not.toContainEqual({ handled: 10n, of: 10n });
    await log.admin.setPositions(group, topic, [{ partition, offset: high }]);
    handled += high;
    await expect.poll(() => told.at(-1)).toEqual({ handled, of: 10n });
  }
  expect(await following).toBe(true);
});

it('ends at once when it is given up, and says that not all was handled', async () => {
  const { log, topic, append } = await openTopic();
  await append('key');
  const stopping = new AbortController();
  const following = followGroup(log, { group, topic, signal: stopping.signal, intervalMs: 600_000 });
  setTimeout(() => stopping.abort(), 50);
  expect(await following).toBe(false);
});
