import type { Logger } from '@medley/service';
import { type Cluster, type Consumer, type EachBatchPayload, PartitionAssigners } from 'kafkajs';
import { toStoredRecord } from './cluster.ts';
import { type Commits, createCommits } from './commits.ts';
import type { KafkaAccess } from './connection.ts';
import { createKafkaClient, retryOptions } from './kafka-client.ts';
import { isAnswered } from './kafka-errors.ts';
import { metadataMaxAgeMs } from './kafka-line.ts';
import { watchLife } from './member-life.ts';
import type { PartitionWork, Work } from './partition-work.ts';
import { endsWithin } from './within.ts';

export interface GroupMemberOptions {
  readonly connection: KafkaAccess;
  readonly group: string;
  readonly topics: readonly string[];
  readonly work: PartitionWork;
  /** How long it may show no sign of life, in milliseconds. */
  readonly silentMs: number;
  /** Who it was in its former life, if Kafka was not told that this is over. */
  readonly formerId: string | null;
  /** Told when it is in the group and asks for records. */
  readonly onAlive: () => void;
}

/** One life of a consumer of kafkajs. */
export interface GroupMember {
  /** Why it ended by itself. It never rejects. */
  readonly ended: Promise<Error>;
  /** As the group knows it; null before it joined. */
  id(): string | null;
  note(topic: string, partition: number, next: bigint): void;
  /** Takes no more records. */
  finish(): void;
  /** Commits what was done, and leaves the group. */
  leave(): Promise<void>;
  /** Ends it at once. */
  sever(): void;
}

/**
 * kafkajs waits for all that it fetched from a broker to be handled before it fetches more, and a handler that fails makes it
 * begin again; so handlers get a moment, and what takes longer goes on by itself while its partition is paused. The others go on, and
 * heartbeats with them.
 */
export function startGroupMember(options: GroupMemberOptions): GroupMember {
  const { connection, group, topics, work, silentMs, formerId, onAlive } = options;
  const { logger } = connection;
  const client = createKafkaClient(connection, { requestTimeoutMs: 10_000, retries });
  let cluster: Cluster | undefined;
  const consumer = client.kafka.consumer({
    groupId: group,
    partitionAssigners: [
      (given) => {
        cluster = given.cluster;
        return PartitionAssigners.roundRobin(given);
      },
    ],
    sessionTimeout: sessionTimeoutMs,
    heartbeatInterval: 1_000,
    rebalanceTimeout: rebalanceTimeoutMs,
    // Leaving waits for the fetch under way.
    maxWaitTimeInMs: 100,
    metadataMaxAge: metadataMaxAgeMs,
    allowAutoTopicCreation: false,
    // Beginning again is ours: kafkajs's way of it forgets what stopped it.
    retry: { ...retryOptions(retries), restartOnFailure: async () => false },
  });
  const commits = createCommits((positions) => consumer.commitOffsets(positions), logger);
  const life = watchLife({ consumer, group, silentMs, joinMs: rebalanceTimeoutMs + 10_000, onAlive });
  let id = formerId;
  let assigned: Readonly<Record<string, readonly number[]>> = {};
  let isLeaving = false;
  const isOurs = (topic: string, partition: number) => assigned[topic]?.includes(partition) ?? false;

  consumer.on(consumer.events.GROUP_JOIN, ({ payload }) => {
    id = payload.memberId;
    assigned = payload.memberAssignment;
    work.keepOnly(isOurs);
    commits.keepOnly(isOurs);
  });

  async function eachBatch({ batch, resolveOffset, pause, isRunning, isStale }: EachBatchPayload) {
    const { topic, partition, messages } = batch;
    const last = messages.at(-1);
    if (!last || isLeaving || life.isOver() || !isRunning() || isStale()) return;
    // From here on kafkajs believes that all of it is done.
    resolveOffset(last.offset);
    const begun = work.begin(
      topic,
      partition,
      messages.map((message) => toStoredRecord(topic, partition, message)),
    );
    if (await endsWithin(handlingGraceMs, begun.ended)) return goOnAfter(begun);
    const resume = pause();
    void begun.ended.then(() => {
      if (isLeaving || life.isOver()) return;
      goOnAfter(begun);
      resume();
    });
  }

  /** Where it ended early, and after a rebalance, kafkajs would go on elsewhere. */
  function goOnAfter({ topic, partition, next }: Work): void {
    if (isLeaving || life.isOver() || !isOurs(topic, partition)) return;
    consumer.seek({ topic, partition, offset: next.toString() });
  }

  async function run(): Promise<void> {
    await consumer.connect();
    if (formerId !== null && cluster) await sayFarewell(cluster, group, formerId);
    // Also for a group that begins at the end: without it a rebalance before the first commit skips records.
    await consumer.subscribe({ topics: [...topics], fromBeginning: true });
    await consumer.run({
      autoCommit: false,
      eachBatchAutoResolve: false,
      partitionsConsumedConcurrently: 64,
      eachBatch,
    });
  }
  const running = run();
  running.catch((error: Error) => life.end(error));

  return {
    ended: life.ended.then(async (error) => {
      commits.stop();
      // Where Kafka still listens, nobody has to wait for this member.
      await endsWithin(1_000, consumer.disconnect());
      client.sever();
      return error;
    }),
    id: () => id,
    note: (topic, partition, next) => {
      if (isOurs(topic, partition) && !life.isOver()) commits.note(topic, partition, next);
    },
    finish() {
      isLeaving = true;
      const isIn = Object.keys(assigned).length > 0;
      if (isIn && !life.isOver()) consumer.pause(topics.map((topic) => ({ topic })));
    },
    async leave() {
      isLeaving = true;
      if (!life.isOver()) await leave(consumer, running, commits, logger);
      life.end(new Error('left'));
      client.sever();
    },
    sever() {
      life.end(new Error('severed'));
      client.sever();
    },
  };
}

/**
 * A group waits for a member that is gone until its session is over; one that was cut off can say so itself when it is back.
 * (A broker of kafkajs can do it, though its types do not tell.)
 */
async function sayFarewell(cluster: Cluster, groupId: string, memberId: string): Promise<void> {
  const coordinator: object = await cluster.findGroupCoordinator({ groupId });
  if (!('leaveGroup' in coordinator) || typeof coordinator.leaveGroup !== 'function') return;
  try {
    await coordinator.leaveGroup({ groupId, memberId });
  } catch (error) {
    if (!isAnswered(error, ['UNKNOWN_MEMBER_ID'])) throw error;
  }
}

async function leave(consumer: Consumer, running: Promise<void>, commits: Commits, logger: Logger) {
  // kafkajs stops nothing that has not begun, and begins it afterwards.
  if (!(await endsWithin(2_000, running))) return;
  if (!(await endsWithin(3_000, commits.flush())))
    logger.warn('what was handled could not be committed: it comes again');
  await endsWithin(3_000, consumer.disconnect());
}

/** Joining waits for members that are gone until their sessions are over, and for those that are there to join again. */
const rebalanceTimeoutMs = 15_000;
/** A member that was killed keeps its partitions for as long. */
const sessionTimeoutMs = 10_000;
/** Some seconds in all: long enough for a broker to start again and find the member that it knew. */
const retries = 8;
const handlingGraceMs = 50;
