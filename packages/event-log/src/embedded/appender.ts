import type { Appended, LogRecord } from '../event-log.ts';
import { refuseTooLarge, sizeOf } from '../record-size.ts';
import { recordKey } from './keys.ts';
import type { Operation } from './level-store.ts';
import { partitionOf } from './partitioner.ts';
import { encodeRecord } from './record-codec.ts';
import { type PartitionState, putHead, type TopicState } from './topics.ts';
import type { Writer } from './writer.ts';

/** Appends records to a topic as one write. */
export async function appendRecords(
  writer: Writer,
  topic: TopicState,
  records: readonly LogRecord[],
  clock: () => number,
): Promise<readonly Appended[]> {
  refuseTooLarge(records);
  if (records.length === 0) return [];
  const partitions = records.map(
    ({ key }) => topic.partitions[partitionOf(key, topic.partitions.length)] as PartitionState,
  );
  const touched = new Set(partitions);
  const offsets: bigint[] = [];
  /** Where each partition ends after this write; later writes may have been prepared by the time this one is done. */
  const ends = new Map<PartitionState, bigint>();

  await writer.write({
    sync: true,
    bytes: records.reduce((sum, record) => sum + sizeOf(record), 0),
    prepare() {
      const now = clock();
      const operations: Operation[] = records.map((record, index) => {
        const partition = partitions[index] as PartitionState;
        const offset = partition.next;
        partition.next += 1n;
        partition.lastTimeMs = Math.max(partition.lastTimeMs, now);
        offsets.push(offset);
        return {
          type: 'put',
          key: recordKey(partition, offset),
          value: encodeRecord(record, partition.lastTimeMs),
        };
      });
      for (const partition of touched) {
        ends.set(partition, partition.next);
        operations.push(putHead(partition));
      }
      return operations;
    },
    done() {
      for (const [partition, end] of ends) {
        partition.high = end;
        partition.grown.ring();
      }
      topic.grown.ring();
    },
    failed() {
      for (const partition of touched) partition.next = partition.high;
    },
  });
  return offsets.map((offset, index) => ({
    topic: topic.name,
    partition: partitions[index]?.partition ?? 0,
    offset,
  }));
}
