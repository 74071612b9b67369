import { GroupActiveError } from '../errors.ts';
import type { EventLogAdmin, GroupPosition } from '../event-log.ts';
import type { Groups } from './groups.ts';
import { groupKey, readOffset, writeOffset } from './keys.ts';
import type { LevelStore, Operation } from './level-store.ts';
import { findOffsetAt, readRecords } from './reader.ts';
import type { Topics } from './topics.ts';
import type { Writer } from './writer.ts';

export interface AdminParts {
  readonly store: LevelStore;
  readonly writer: Writer;
  readonly topics: Topics;
  readonly groups: Groups;
}

export function createAdmin({ store, writer, topics, groups }: AdminParts): EventLogAdmin {
  const writeNow = (operations: readonly Operation[]) =>
    writer.write({ sync: true, bytes: operations.length * 32, prepare: () => operations });
  let lastEnsured: Promise<void> = Promise.resolve();

  return {
    ensureTopics(definitions) {
      // One after the other: each topic has a number of its own.
      const ensured = lastEnsured.then(async () => {
        for (const definition of definitions) {
          const change = topics.plan(definition);
          if (!change) continue;
          await writeNow([change.operation]);
          change.apply();
          groups.rebalance();
        }
      });
      lastEnsured = ensured.catch(() => {});
      return ensured;
    },
    async offsets(topic) {
      return topics.get(topic).partitions.map(({ partition, low, high }) => ({ partition, low, high }));
    },
    offsetsAt: async (topic, time) =>
      Promise.all(
        topics.get(topic).partitions.map(async (partition) => ({
          partition: partition.partition,
          offset: await findOffsetAt(store, partition, time),
        })),
      ),
    async positions(group, names) {
      const partitions = names.flatMap((name) => topics.get(name).partitions);
      const committed = await store.level.getMany(partitions.map((partition) => groupKey(group, partition)));
      return partitions.map((partition, index): GroupPosition => {
        const position = readOffset(committed[index]);
        const from = position !== null && position > partition.low ? position : partition.low;
        return {
          topic: partition.topic,
          partition: partition.partition,
          committed: position,
          lag: partition.high > from ? partition.high - from : 0n,
        };
      });
    },
    async setPositions(group, name, positions) {
      const topic = topics.get(name);
      if (groups.isActive(group)) throw new GroupActiveError(group);
      const operations = positions.map(({ partition, offset }): Operation => {
        if (!topic.partitions[partition] || offset < 0n) {
          throw new RangeError(
            `${name} has ${topic.partitions.length} partitions from 0, offsets from 0, got ${partition}, ${offset}`,
          );
        }
        const lane = { topicNumber: topic.number, partition };
        return { type: 'put', key: groupKey(group, lane), value: writeOffset(offset) };
      });
      await writeNow(operations);
    },
    async read(name, number, from, limit) {
      const partition = topics.get(name).partitions[number];
      return partition ? readRecords(store, partition, from, limit) : [];
    },
  };
}
