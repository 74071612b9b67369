import type { StoredRecord } from '../event-log.ts';
import {
  laneKey,
  latestKey,
  offsetOfTombstoneKey,
  readOffset,
  recordKey,
  tombstoneKey,
  writeOffset,
} from './keys.ts';
import type { LevelStore, Operation } from './level-store.ts';
import { readRecords } from './reader.ts';
import { timeOf } from './record-codec.ts';
import type { PartitionState } from './topics.ts';
import type { Writer } from './writer.ts';

const pageSize = 500;

/**
 * Goes on where it was: of each key only the record that came last is kept. Which one that is, is written down by key, so that
 * a round reads what is new and nothing else, in pages.
 * @param forgetBefore tombstones older than this go too: whoever follows has seen them by then
 */
export async function compactPartition(
  store: LevelStore,
  writer: Writer,
  partition: PartitionState,
  forgetBefore: Date,
  signal: AbortSignal,
): Promise<void> {
  while (!signal.aborted && partition.compactedTo < partition.high) {
    const { high } = partition;
    const records = await readRecords(store, partition, partition.compactedTo, pageSize);
    const end = records.length > 0 ? (records.at(-1) as StoredRecord).offset + 1n : high;
    const operations = await keepLast(store, partition, records);
    await write(writer, partition, operations, end);
  }
  await forgetTombstones(store, writer, partition, forgetBefore, signal);
}

async function keepLast(store: LevelStore, partition: PartitionState, records: readonly StoredRecord[]) {
  const keys = [...new Set(records.map(({ key }) => key))];
  const known = await store.level.getMany(keys.map((key) => latestKey(partition, key)));
  const latest = new Map(keys.map((key, index) => [key, readOffset(known[index])]));
  const operations: Operation[] = [];
  for (const { key, offset, value } of records) {
    const before = latest.get(key) ?? null;
    if (before !== null) {
      operations.push({ type: 'del', key: recordKey(partition, before) });
      operations.push({ type: 'del', key: tombstoneKey(partition, before) });
    }
    if (value === null) {
      operations.push({ type: 'put', key: tombstoneKey(partition, offset), value: Buffer.from(key) });
    }
    latest.set(key, offset);
  }
  for (const [key, offset] of latest) {
    if (offset === null) continue;
    operations.push({ type: 'put', key: latestKey(partition, key), value: writeOffset(offset) });
  }
  return operations;
}

async function forgetTombstones(
  store: LevelStore,
  writer: Writer,
  partition: PartitionState,
  forgetBefore: Date,
  signal: AbortSignal,
) {
  const range = { gte: tombstoneKey(partition, 0n), lt: tombstoneKey(partition, partition.compactedTo) };
  while (!signal.aborted) {
    const tombstones = await store.level.iterator({ ...range, limit: pageSize }).all();
    const records = await store.level.getMany(
      tombstones.map(([key]) => recordKey(partition, offsetOfTombstoneKey(key))),
    );
    const operations: Operation[] = [];
    for (const [index, [key, recordsKey]] of tombstones.entries()) {
      const record = records[index];
      if (record && timeOf(record) >= forgetBefore) break;
      operations.push({ type: 'del', key });
      operations.push({ type: 'del', key: recordKey(partition, offsetOfTombstoneKey(key)) });
      operations.push({ type: 'del', key: latestKey(partition, recordsKey.toString()) });
    }
    if (operations.length === 0) return;
    await write(writer, partition, operations, partition.compactedTo);
  }
}

const write = (writer: Writer, partition: PartitionState, operations: readonly Operation[], to: bigint) =>
  writer.write({
    sync: false,
    bytes: operations.length * 32,
    prepare: () => [...operations, { type: 'put', key: laneKey('c', partition), value: writeOffset(to) }],
    done: () => {
      partition.compactedTo = to;
    },
  });
