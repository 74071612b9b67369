import { UnknownTopicError } from '../errors.ts';
import type { TopicDefinition } from '../event-log.ts';
import { type Bell, createBell } from './bell.ts';
import { type Lane, laneKey, nameOfTopicKey, rangeOf, readOffset, topicKey } from './keys.ts';
import type { Level, Operation } from './level-store.ts';

/** What is known of a partition without reading it. */
export interface PartitionState extends Lane {
  readonly topic: string;
  /** The first offset that is kept. */
  low: bigint;
  /** After the last offset that is safe on disk: nobody sees further. */
  high: bigint;
  /** After the last offset that was given away. */
  next: bigint;
  /** Of the last record; times never go back, so that they can be searched. */
  lastTimeMs: number;
  /** Up to where it is compacted. */
  compactedTo: bigint;
  /** Rings when `high` has grown. */
  readonly grown: Bell;
}

export interface TopicState {
  readonly name: string;
  readonly number: number;
  retentionMs: number | null;
  readonly partitions: PartitionState[];
  /** Rings when any of its partitions has grown, or one was added. */
  readonly grown: Bell;
}

/** The topics, in memory as they are on disk. */
export interface Topics {
  /** Reads them all. What is known already keeps its identity. */
  load(level: Level): Promise<void>;
  /** @throws UnknownTopicError */
  get(name: string): TopicState;
  find(name: string): TopicState | undefined;
  all(): readonly TopicState[];
  /** What has to be written for a topic to be as defined, null when it is. */
  plan(definition: TopicDefinition): { operation: Operation; apply(): void } | null;
  /** Rings when there are new topics or partitions. */
  readonly changed: Bell;
}

export function createTopics(): Topics {
  const topics = new Map<string, TopicState>();
  const changed = createBell();

  function set(name: string, number: number, partitions: number, retentionMs: number | null): TopicState {
    const topic = topics.get(name) ?? { name, number, retentionMs, partitions: [], grown: createBell() };
    topic.retentionMs = retentionMs;
    for (let partition = topic.partitions.length; partition < partitions; partition += 1) {
      topic.partitions.push({
        ...{ topic: name, topicNumber: number, partition, grown: createBell() },
        ...{ low: 0n, high: 0n, next: 0n, lastTimeMs: 0, compactedTo: 0n },
      });
    }
    topics.set(name, topic);
    return topic;
  }

  return {
    changed,
    async load(level) {
      for await (const [key, value] of level.iterator(rangeOf('t'))) {
        const { number, partitions, retentionMs } = JSON.parse(value.toString());
        const topic = set(nameOfTopicKey(key), number, partitions, retentionMs);
        for (const partition of topic.partitions) await loadPartition(level, partition);
      }
    },
    get(name) {
      const topic = topics.get(name);
      if (!topic) throw new UnknownTopicError(name);
      return topic;
    },
    find: (name) => topics.get(name),
    all: () => [...topics.values()],
    plan({ name, partitions: wanted, retentionMs }) {
      const known = topics.get(name);
      const partitions = Math.max(wanted, known?.partitions.length ?? 0);
      if (known?.partitions.length === partitions && known.retentionMs === retentionMs) return null;
      const number = known?.number ?? Math.max(0, ...[...topics.values()].map((topic) => topic.number)) + 1;
      const value = Buffer.from(JSON.stringify({ number, partitions, retentionMs }));
      return {
        operation: { type: 'put', key: topicKey(name), value },
        apply() {
          set(name, number, partitions, retentionMs).grown.ring();
          changed.ring();
        },
      };
    },
  };
}

async function loadPartition(level: Level, partition: PartitionState) {
  const [head, low, compactedTo] = await level.getMany([
    laneKey('h', partition),
    laneKey('l', partition),
    laneKey('c', partition),
  ]);
  partition.high = readOffset(head) ?? 0n;
  partition.next = partition.high;
  partition.lastTimeMs = head?.readDoubleBE(8) ?? 0;
  partition.low = readOffset(low) ?? 0n;
  partition.compactedTo = readOffset(compactedTo) ?? 0n;
}

/** What `loadPartition` reads of the end of a partition. */
export function putHead(partition: PartitionState): Operation {
  const value = Buffer.allocUnsafe(16);
  value.writeBigUInt64BE(partition.next);
  value.writeDoubleBE(partition.lastTimeMs, 8);
  return { type: 'put', key: laneKey('h', partition), value };
}
