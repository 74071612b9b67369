import type { StoredRecord } from '../event-log.ts';
import { offsetOfRecordKey, recordKey } from './keys.ts';
import type { LevelStore } from './level-store.ts';
import { decodeRecord, timeOf } from './record-codec.ts';
import type { PartitionState } from './topics.ts';

/** A page holds no more, one record excepted. */
const maxPageBytes = 4_194_304;

/** Records of a partition from an offset on, oldest first, at most `limit` and some megabytes; none at the end. */
export async function readRecords(
  store: LevelStore,
  partition: PartitionState,
  from: bigint,
  limit: number,
): Promise<readonly StoredRecord[]> {
  const records: StoredRecord[] = [];
  let bytes = 0;
  const iterator = store.level.iterator({
    ...rangeFrom(partition, from),
    limit,
    // What one round trip to the thread brings.
    highWaterMarkBytes: 262_144,
  });
  try {
    while (records.length < limit && bytes < maxPageBytes) {
      const entries = await iterator.nextv(limit - records.length);
      if (entries.length === 0) break;
      for (const [key, value] of entries) {
        bytes += value.length;
        records.push({
          topic: partition.topic,
          partition: partition.partition,
          offset: offsetOfRecordKey(key),
          ...decodeRecord(value),
        });
      }
    }
  } finally {
    await iterator.close();
  }
  return records;
}

/** The first offset of this time or later, `high` where there is none. */
export async function findOffsetAt(
  store: LevelStore,
  partition: PartitionState,
  time: Date,
): Promise<bigint> {
  let [low, high] = [partition.low, partition.high];
  // Times never fall within a partition. What lies at `low` or after it and before `high` is unknown.
  while (low < high) {
    const middle = (low + high) / 2n;
    const [entry] = await store.level.iterator({ ...rangeFrom(partition, middle), limit: 1 }).all();
    if (!entry || timeOf(entry[1]) >= time) high = middle;
    else low = offsetOfRecordKey(entry[0]) + 1n;
  }
  return low;
}

const rangeFrom = (partition: PartitionState, from: bigint) => ({
  gte: recordKey(partition, from > partition.low ? from : partition.low),
  lt: recordKey(partition, partition.high),
});
