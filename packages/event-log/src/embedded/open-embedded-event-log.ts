import type { Logger } from '@medley/service';
import { LogUnavailableError } from '../errors.ts';
import type { EventLog, SubscribeOptions, Subscription } from '../event-log.ts';
import { createAdmin } from './admin.ts';
import { appendRecords } from './appender.ts';
import { keptFreeBytes, watchFreeSpace } from './free-space.ts';
import { createGroups } from './groups.ts';
import { startHousekeeping } from './housekeeping.ts';
import { groupKey, readOffset, writeOffset } from './keys.ts';
import { openLevelStore } from './level-store.ts';
import { findOffsetAt, readRecords } from './reader.ts';
import { startTail } from './tail.ts';
import { createTopics, type PartitionState } from './topics.ts';
import { createWriter } from './writer.ts';

export interface EmbeddedEventLogOptions {
  /** Made when it is not there. Only one process can have it open. */
  readonly folder: string;
  readonly logger: Logger;
  /** What has to stay free on the disk of the folder, in bytes; 64 MiB unless told otherwise. With less, nothing is appended. */
  readonly keepFreeBytes?: number;
  /** Milliseconds since 1970. */
  readonly clock?: () => number;
}

export interface EmbeddedEventLog extends EventLog {
  /** Deletes what is too old and what later records replaced. It does so by itself, at the start and every minute. */
  maintain(): Promise<void>;
}

/**
 * An event log on disk, for one process. What was appended survives `kill -9` and the loss of power as far as the disk keeps what
 * it was told to sync. Groups are those of this process; where they stand is kept. Subscriptions never end by themselves: when the
 * disk fails they wait until it writes again, and nothing is given to `onCrash`.
 * @throws Error when the folder cannot be opened, or is open already
 */
export async function openEmbeddedEventLog(options: EmbeddedEventLogOptions): Promise<EmbeddedEventLog> {
  const { folder, logger, keepFreeBytes = keptFreeBytes, clock = Date.now } = options;
  const topics = createTopics();
  const store = await openLevelStore({ folder, what: 'the event log', load: topics.load, logger });
  const writer = createWriter(store);
  const space = watchFreeSpace(folder, keepFreeBytes);

  const commit = (group: string, partition: PartitionState, offset: bigint) =>
    writer.write({
      // What a commit that is lost brings again, the handler has to bear anyway.
      sync: false,
      bytes: 32,
      prepare: () => [{ type: 'put', key: groupKey(group, partition), value: writeOffset(offset) }],
    });

  async function findPosition({ group, from = 'beginning' }: SubscribeOptions, partition: PartitionState) {
    const committed = readOffset(await store.level.get(groupKey(group, partition)));
    if (committed !== null && committed <= partition.high) return committed;
    if (from === 'beginning') return partition.low;
    const end = partition.high;
    // Or a group that stops before its first record would begin later the next time.
    await commit(group, partition, end);
    return end;
  }

  const groups = createGroups({
    findTopic: topics.find,
    consume: (member, partition) => ({
      findPosition: () => findPosition(member, partition),
      read: (from, limit) => readRecords(store, partition, from, limit),
      commit: (offset) => commit(member.group, partition, offset),
      logger,
    }),
  });
  const housekeeping = startHousekeeping({ store, writer, topics, clock, logger });
  const tails = new Set<Subscription>();
  let closing: Promise<void> | null = null;

  async function close() {
    await Promise.all([groups.stop(), housekeeping.stop(), ...[...tails].map((tail) => tail.stop())]);
    await writer.close();
    await store.close();
  }

  async function refuseWhenLow() {
    try {
      await space.refuseWhenLow();
    } catch (error) {
      throw new LogUnavailableError('the disk of the event log is full', error);
    }
  }

  function refuseWhenClosing() {
    if (closing) throw new LogUnavailableError('the event log is closed');
  }

  return {
    async append(topic, records) {
      if (records.length > 0) await refuseWhenLow();
      return appendRecords(writer, topics.get(topic), records, clock);
    },
    async subscribe(subscription) {
      refuseWhenClosing();
      return groups.join(subscription);
    },
    async tail(tailOptions) {
      refuseWhenClosing();
      const tail = await startTail(tailOptions, {
        topics,
        read: (partition, from) => readRecords(store, partition, from, 500),
        findOffsetAt: (partition, time) => findOffsetAt(store, partition, time),
        logger,
      });
      tails.add(tail);
      return {
        async stop() {
          await tail.stop();
          tails.delete(tail);
        },
      };
    },
    admin: createAdmin({ store, writer, topics, groups }),
    async ping() {
      // Nothing to wait for: it is there or says that it is not.
      store.level;
    },
    maintain: housekeeping.run,
    close() {
      closing ??= close();
      return closing;
    },
  };
}
