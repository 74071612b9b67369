import type { Admin, Cluster } from 'kafkajs';
import { GroupActiveError, UnknownTopicError } from '../errors.ts';
import type { EventLogAdmin, StoredRecord } from '../event-log.ts';
import { pause } from '../pause.ts';
import { fetchRecords, findLeaders, findOffsets } from './cluster.ts';
import { ensureTopics } from './ensure-topics.ts';
import { isAnswered, isPassing, isUnknownTopic, toLogError } from './kafka-errors.ts';
import type { KafkaLine } from './kafka-line.ts';

export interface KafkaAdminOptions {
  readonly admin: KafkaLine<Admin>;
  readonly cluster: KafkaLine<Cluster>;
  /** Of topics that are made; as many as there are brokers, and at most three, unless told otherwise. */
  readonly replicationFactor?: number;
}

/** @throws LogUnavailableError from everything */
export function createKafkaAdmin({ admin, cluster, replicationFactor }: KafkaAdminOptions): EventLogAdmin {
  async function ask<Result>(what: string, work: () => Promise<Result>, topic?: string): Promise<Result> {
    const until = performance.now() + patienceMs;
    for (;;) {
      try {
        return await work();
      } catch (error) {
        if (error instanceof GroupActiveError) throw error;
        const mayHelp = isPassing(error) && !isUnknownTopic(error);
        if (!mayHelp || performance.now() > until) throw toLogError(error, what, topic);
        await pause(200);
      }
    }
  }

  const offsets = (topic: string) =>
    ask('tell offsets', () => admin.use((kafka) => kafka.fetchTopicOffsets(topic)), topic).then((all) =>
      all
        .map(({ partition, low, high }) => ({ partition, low: BigInt(low), high: BigInt(high) }))
        .sort(byPartition),
    );

  return {
    ensureTopics: (topics) =>
      ask('make topics', async () => {
        if (topics.length > 0) await admin.use((kafka) => ensureTopics(kafka, topics, replicationFactor));
      }),

    offsets,

    async offsetsAt(topic, time) {
      const found = await ask(
        'tell offsets',
        () => admin.use((kafka) => kafka.fetchTopicOffsetsByTimestamp(topic, time.getTime())),
        topic,
      );
      return found.map(({ partition, offset }) => ({ partition, offset: BigInt(offset) })).sort(byPartition);
    },

    async positions(groupId, topics) {
      if (topics.length === 0) return [];
      const committed = await ask('tell positions', () =>
        admin.use((kafka) => kafka.fetchOffsets({ groupId, topics: [...topics] })),
      );
      const perTopic = await Promise.all(
        topics.map(async (topic) => {
          const found = committed.find((entry) => entry.topic === topic)?.partitions ?? [];
          return (await offsets(topic)).map(({ partition, low, high }) => {
            const offset = BigInt(found.find((entry) => entry.partition === partition)?.offset ?? -1);
            const position = offset < 0n ? null : offset;
            // What retention took before the group came to it does not wait any more.
            const next = position === null || position < low ? low : position;
            return { topic, partition, committed: position, lag: high > next ? high - next : 0n };
          });
        }),
      );
      return perTopic.flat();
    },

    async setPositions(groupId, topic, positions) {
      const partitions = positions.map(({ partition, offset }) => ({ partition, offset: offset.toString() }));
      await ask(
        'set positions',
        () =>
          cluster.use(async (kafka) => {
            await findLeaders(kafka, topic);
            const coordinator = await kafka.findGroupCoordinator({ groupId });
            try {
              // As no member of no generation: a broker takes that only while the group has no members.
              await coordinator.offsetCommit({
                groupId,
                memberId: '',
                groupGenerationId: -1,
                topics: [{ topic, partitions }],
              });
            } catch (error) {
              if (isAnswered(error, membersOnly)) throw new GroupActiveError(groupId);
              throw error;
            }
          }),
        topic,
      );
    },

    read: (topic, partition, from, limit) =>
      ask(
        'let a partition be read',
        () => cluster.use((kafka) => readPartition(kafka, topic, partition, from, limit)),
        topic,
      ),
  };
}

async function readPartition(
  kafka: Cluster,
  topic: string,
  partition: number,
  from: bigint,
  limit: number,
): Promise<readonly StoredRecord[]> {
  const leaders = await findLeaders(kafka, topic);
  const [nodeId] = [...leaders].find(([, partitions]) => partitions.includes(partition)) ?? [];
  if (nodeId === undefined) throw new UnknownTopicError(`${topic}, partition ${partition}`);
  const low = (await findOffsets(kafka, topic, [partition], { fromBeginning: true })).get(partition) ?? 0n;
  const high = (await findOffsets(kafka, topic, [partition], { fromBeginning: false })).get(partition) ?? 0n;
  const records: StoredRecord[] = [];
  let position = from > low ? from : low;
  while (records.length < limit && position < high) {
    const [fetched] = await fetchRecords(kafka, nodeId, topic, new Map([[partition, position]]), 100);
    if (!fetched || fetched.next === position) break;
    records.push(...fetched.records);
    position = fetched.next;
  }
  return records.slice(0, limit);
}

/** A new partition has no leader for a moment, a coordinator that moves answers nothing: nobody has to see that. */
const patienceMs = 3_000;

const membersOnly = ['UNKNOWN_MEMBER_ID', 'ILLEGAL_GENERATION', 'REBALANCE_IN_PROGRESS'];

const byPartition = (one: { partition: number }, other: { partition: number }) =>
  one.partition - other.partition;
