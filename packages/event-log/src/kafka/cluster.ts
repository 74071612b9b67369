import { type Cluster, type Kafka, type KafkaMessage, PartitionAssigners } from 'kafkajs';
import type { StoredRecord } from '../event-log.ts';

/**
 * kafkajs's view of the brokers, by which partitions can be read without a group: no rebalance to wait for, no group to clean up,
 * nothing that another member could take away. It hands it to nobody but the assigners of a consumer, so we make one that never runs.
 */
export function createCluster(kafka: Kafka): Cluster {
  let cluster: Cluster | undefined;
  kafka.consumer({
    groupId: 'never-joined',
    allowAutoTopicCreation: false,
    partitionAssigners: [
      (options) => {
        cluster = options.cluster;
        return PartitionAssigners.roundRobin(options);
      },
    ],
  });
  if (!cluster) throw new Error('expected kafkajs to hand its cluster to the assigners of a consumer');
  return cluster;
}

/** The partitions of a topic by the broker that leads them. @throws what kafkajs throws when there is no such topic */
export async function findLeaders(cluster: Cluster, topic: string): Promise<ReadonlyMap<string, number[]>> {
  await cluster.addTargetTopic(topic);
  const partitions = cluster.findTopicPartitionMetadata(topic).map(({ partitionId }) => partitionId);
  return new Map(Object.entries(cluster.findLeaderForPartitions(topic, partitions)));
}

/** The first and the last, or the first of a time on. */
export type OffsetQuery = { readonly fromBeginning: boolean } | { readonly fromTimestamp: number };

/** The offset of each of these partitions; -1 for a time after the last record. */
export async function findOffsets(
  cluster: Cluster,
  topic: string,
  partitions: readonly number[],
  query: OffsetQuery,
): Promise<Map<number, bigint>> {
  const asked = { topic, partitions: partitions.map((partition) => ({ partition })), ...query };
  const answers = await cluster.fetchTopicsOffset([
    asked as Parameters<Cluster['fetchTopicsOffset']>[0][number],
  ]);
  return new Map(
    answers.flatMap((answer) =>
      answer.partitions.map(({ partition, offset }) => [partition, BigInt(offset)] as const),
    ),
  );
}

/**
 * A leader is named before it knows that it leads, and of a topic that is being made one partition may have its leader before another.
 * @throws what kafkajs throws, unless each partition's leader answers for it
 */
export async function checkLeaders(cluster: Cluster, topic: string): Promise<void> {
  const partitions = [...(await findLeaders(cluster, topic)).values()].flat();
  await findOffsets(cluster, topic, partitions, { fromBeginning: false });
}

/** What one broker had of one partition. */
export interface Fetched {
  readonly partition: number;
  /** May begin before the offset asked for: a batch comes as a whole. */
  readonly records: readonly StoredRecord[];
  /** Where to go on. */
  readonly next: bigint;
}

/**
 * Reads partitions from the broker that leads them, up to 1 MiB of each.
 * @param positions where to begin in each
 * @param maxWaitMs how long the broker waits when there is nothing
 */
export async function fetchRecords(
  cluster: Cluster,
  nodeId: string,
  topic: string,
  positions: ReadonlyMap<number, bigint>,
  maxWaitMs: number,
): Promise<readonly Fetched[]> {
  const broker = await cluster.findBroker({ nodeId });
  const partitions = [...positions].map(([partition, offset]) => ({
    partition,
    fetchOffset: offset.toString(),
    maxBytes: 1_048_576,
  }));
  const answer: FetchAnswer = await broker.fetch({
    maxWaitTime: maxWaitMs,
    minBytes: 1,
    maxBytes: 10_485_760,
    // Nobody writes transactions into our topics; kafkajs filters aborted ones where it consumes by itself only.
    isolationLevel: 0,
    topics: [{ topic, partitions }],
  });
  return answer.responses.flatMap((response) =>
    response.partitions.map(({ partition, messages }) => {
      const from = positions.get(partition) ?? 0n;
      const records = messages
        .filter(({ offset, isControlRecord }) => !isControlRecord && BigInt(offset) >= from)
        .map((message) => toStoredRecord(topic, partition, message));
      const last = messages.at(-1);
      if (!last) return { partition, records, next: from };
      // Of a batch whose last records were compacted away the rest comes again and again: then one offset on.
      const after = BigInt(last.offset) + 1n;
      return { partition, records, next: after > from ? after : from + 1n };
    }),
  );
}

interface FetchAnswer {
  readonly responses: readonly {
    readonly partitions: readonly {
      readonly partition: number;
      readonly messages: readonly (KafkaMessage & { readonly isControlRecord: boolean })[];
    }[];
  }[];
}

export function toStoredRecord(topic: string, partition: number, message: KafkaMessage): StoredRecord {
  const headers: Record<string, string> = {};
  for (const [name, value] of Object.entries(message.headers ?? {})) {
    // A name may stand there several times: the last one counts.
    const last = Array.isArray(value) ? value.at(-1) : value;
    if (last !== undefined) headers[name] = last.toString();
  }
  return {
    topic,
    partition,
    offset: BigInt(message.offset),
    key: message.key?.toString() ?? '',
    value: message.value,
    headers,
    time: new Date(Number(message.timestamp)),
  };
}
