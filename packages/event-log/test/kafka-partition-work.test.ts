import { silentLogger } from '@medley/testing';
import { expect, it } from 'vitest';
import type { StoredRecord } from '../src/index.ts';
import { createPartitionWork } from '../src/kafka/partition-work.ts';

const records = (...offsets: number[]): StoredRecord[] =>
  offsets.map((offset) => ({
    ...{ topic: 't', partition: 0, offset: BigInt(offset), key: 'k', value: null, headers: {} },
    time: new Date(0),
  }));

/** Work of which each batch is done when it is told to, and what it says of it. */
function createWork() {
  const handled: number[][] = [];
  const noted: number[] = [];
  let finish = () => {};
  const work = createPartitionWork({
    group: 'g',
    maxBatch: 500,
    logger: silentLogger,
    handle: (batch) =>
      new Promise((resolve) => {
        handled.push(batch.records.map(({ offset }) => Number(offset)));
        finish = resolve;
      }),
    onDone: (_topic, _partition, next) => noted.push(Number(next)),
  });
  return { work, handled, noted, finish: () => finish() };
}

it('leaves out what earlier work on the partition has done, and says again how far that came', async () => {
  const { work, handled, noted, finish } = createWork();
  const before = work.begin('t', 0, records(0, 1, 2));
  await expect.poll(() => handled).toEqual([[0, 1, 2]]);
  // The member began anew meanwhile, and was given what nobody had committed.
  const again = work.begin('t', 0, records(0, 1, 2));
  finish();
  await before.ended;
  await again.ended;
  expect(handled).toEqual([[0, 1, 2]]);
  expect(again.next).toBe(3n);
  // Once for the member that is gone, and once for the one that can commit it.
  expect(noted).toEqual([3, 3]);
});

it('goes on where earlier work on the partition was broken off', async () => {
  const { work, handled, noted, finish } = createWork();
  const before = work.begin('t', 0, records(0, 1));
  await expect.poll(() => handled.length).toBe(1);
  before.abort.abort();
  const again = work.begin('t', 0, records(0, 1, 2));
  finish();
  await expect.poll(() => handled.length).toBe(2);
  finish();
  await again.ended;
  expect(handled).toEqual([[0, 1], [2]]);
  expect(noted).toEqual([2, 2, 3]);
});
