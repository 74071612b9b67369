import type { Logger } from '@medley/service';
import type { Producer } from 'kafkajs';
import { LogUnavailableError, RecordTooLargeError, UnknownTopicError } from '../errors.ts';
import { maxRecordBytes } from '../event-log.ts';
import { pause } from '../pause.ts';
import { isAnswered, isUnknownTopic, reasonOf } from './kafka-errors.ts';
import type { KafkaLine } from './kafka-line.ts';
import type { KafkaMetrics } from './kafka-metrics.ts';
import { noteOffsets, type Outgoing } from './outgoing.ts';
import { within } from './within.ts';

export interface AppendLaneOptions {
  readonly topic: string;
  readonly line: KafkaLine<Producer>;
  /** Asked before the first batch. @throws unless each partition of the topic has a leader that knows of it */
  readonly checkLeaders: () => Promise<void>;
  /** How long a record may wait to be confirmed, in milliseconds. */
  readonly timeoutMs: number;
  /** How long a broker may wait for its replicas, in milliseconds. */
  readonly ackTimeoutMs: number;
  readonly logger: Logger;
  readonly metrics: KafkaMetrics;
}

/** The way into one topic. */
export interface AppendLane {
  /**
   * At most `maxBatchBytes` together.
   * @throws LogUnavailableError, UnknownTopicError, RecordTooLargeError
   */
  append(records: readonly Outgoing[]): Promise<void>;
  /** Lets the next append try, also when the ones before ran out of time. */
  tryAgain(): void;
  /** When nothing waits any more. */
  idle(): Promise<void>;
}

/** What goes together at most. kafkajs takes a square of it in time, and a broker at most 1 MB unless told otherwise. */
export const maxBatchRecords = 500;
export const maxBatchBytes = 900_000;

/** What one call appends. */
interface Call {
  readonly records: readonly Outgoing[];
  readonly bytes: number;
  /** In the time of `performance.now()`. */
  readonly deadline: number;
  resolve(): void;
  reject(error: Error): void;
}

/**
 * One batch is under way at a time; what comes meanwhile goes together in the next. A batch that Kafka does not confirm is sent
 * again, the same, until the time of its oldest record is over. Then all that waits is given up, and appends fail at once, but
 * for one every half second that tries.
 */
export function createAppendLane(options: AppendLaneOptions): AppendLane {
  const { topic, line, checkLeaders, timeoutMs, ackTimeoutMs, logger, metrics } = options;
  const queue: Call[] = [];
  let draining: Promise<void> | null = null;
  let isLed = false;
  let hasStored = false;
  /** Null while Kafka confirms. */
  let away: { readonly since: Date; nextTryAt: number } | null = null;

  /** @throws what kafkajs throws */
  async function send(records: readonly Outgoing[]): Promise<void> {
    const answers = await line.use((producer) =>
      producer.send({ topic, messages: [...records], acks: -1, timeout: ackTimeoutMs }),
    );
    noteOffsets(records, answers);
    hasStored = true;
  }

  /** From the second time on by partition, so that what some partitions have is not sent again for the sake of another. */
  async function sendRest(records: readonly Outgoing[], isFirst: boolean): Promise<void> {
    const rest = records.filter(({ offset }) => offset === undefined);
    if (isFirst) return send(rest);
    const partitions = new Set(rest.map(({ partition }) => partition));
    const parts = [...partitions].map((of) => rest.filter(({ partition }) => partition === of));
    const results = await Promise.allSettled(parts.map(send));
    const failed = results.find((result) => result.status === 'rejected');
    if (failed) throw failed.reason;
  }

  /** @throws LogUnavailableError, UnknownTopicError, RecordTooLargeError */
  async function deliver(records: readonly Outgoing[], deadline: number): Promise<void> {
    const began = performance.now();
    const late = () => new LogUnavailableError('no answer in time');
    const inTime = (work: Promise<void>) => within(deadline - performance.now(), work, late);
    let waitMs = 100;
    for (let isFirst = true; ; isFirst = false) {
      try {
        // Where some partitions take a batch and others do not, as when a topic is being made, kafkajs does not tell which.
        if (!isLed) await inTime(checkLeaders());
        isLed = true;
        return await inTime(sendRest(records, isFirst));
      } catch (error) {
        if (isAnswered(error, ['MESSAGE_TOO_LARGE', 'RECORD_LIST_TOO_LARGE'])) throw tooLarge(records);
        const now = performance.now();
        // A topic that was just made is not known to every broker at once.
        if (
          isUnknownTopic(error) &&
          !hasStored &&
          now > Math.min(began + unknownTopicMs, deadline - waitMs)
        ) {
          throw new UnknownTopicError(topic);
        }
        if (now + waitMs >= deadline) {
          throw new LogUnavailableError(`Kafka did not confirm in time: ${reasonOf(error)}`, error);
        }
        metrics.resends.inc({ topic });
        await pause(waitMs);
        waitMs = Math.min(2 * waitMs, 1_000);
      }
    }
  }

  function tooLarge(records: readonly Outgoing[]): Error {
    const bytes = records.reduce((sum, record) => sum + record.bytes, 0);
    logger.error({ topic, bytes }, 'the topic takes less than it should: its max.message.bytes was lowered');
    return new RecordTooLargeError(bytes, maxRecordBytes);
  }

  async function deliverCalls(calls: readonly Call[]): Promise<void> {
    const records = calls.flatMap((call) => call.records);
    try {
      await deliver(records, calls[0]?.deadline ?? 0);
      for (const { resolve } of calls) resolve();
      if (away) logger.info({ topic, since: away.since }, 'Kafka confirms again');
      away = null;
    } catch (error) {
      // The limit may hold for the batch: a call by itself may be small enough.
      if (error instanceof RecordTooLargeError && calls.length > 1) {
        for (const call of calls) await deliverCalls([call]);
        return;
      }
      if (error instanceof LogUnavailableError) giveUp(error);
      for (const { reject } of calls) reject(error as Error);
    }
  }

  function giveUp(error: LogUnavailableError): void {
    line.sever();
    if (!away) logger.warn({ topic, reason: error.message }, 'Kafka does not confirm');
    away = { since: away?.since ?? new Date(), nextTryAt: performance.now() + retryAfterMs };
    for (const { reject } of queue.splice(0)) reject(error);
  }

  async function drain(): Promise<void> {
    // Calls of the same moment go together.
    await new Promise((resolve) => setImmediate(resolve));
    while (queue.length > 0) await deliverCalls(takeBatch(queue));
    draining = null;
  }

  return {
    append(records) {
      const now = performance.now();
      let limitMs = timeoutMs;
      if (away) {
        if (now < away.nextTryAt) {
          const since = away.since.toISOString();
          return Promise.reject(new LogUnavailableError(`Kafka has not confirmed anything since ${since}`));
        }
        limitMs = Math.min(timeoutMs, tryMs);
        away.nextTryAt = now + limitMs;
      }
      const bytes = records.reduce((sum, record) => sum + record.bytes, 0);
      return new Promise((resolve, reject) => {
        queue.push({ records, bytes, deadline: now + limitMs, resolve, reject });
        draining ??= drain();
      });
    },
    tryAgain() {
      if (away) away.nextTryAt = 0;
    },
    idle: () => draining ?? Promise.resolve(),
  };
}

function takeBatch(queue: Call[]): Call[] {
  let [records, bytes, calls] = [0, 0, 0];
  for (const call of queue) {
    records += call.records.length;
    bytes += call.bytes;
    if (calls > 0 && (records > maxBatchRecords || bytes > maxBatchBytes)) break;
    calls += 1;
  }
  return queue.splice(0, calls);
}

const unknownTopicMs = 2_000;
const retryAfterMs = 500;
/** How long the one that tries may take. */
const tryMs = 2_000;
