import type { Producer } from 'kafkajs';
import { LogUnavailableError, UnknownTopicError } from '../errors.ts';
import type { Appended, LogRecord } from '../event-log.ts';
import { refuseTooLarge } from '../record-size.ts';
import { type AppendLane, createAppendLane, maxBatchBytes, maxBatchRecords } from './append-lane.ts';
import { checkLeaders } from './cluster.ts';
import type { KafkaAccess } from './connection.ts';
import { createClusterLine, createProducerLine, type KafkaLine } from './kafka-line.ts';
import type { KafkaMetrics } from './kafka-metrics.ts';
import { createPartitioner, type Outgoing, placeOf, toOutgoing } from './outgoing.ts';

export interface KafkaAppenderOptions {
  readonly connection: KafkaAccess;
  readonly timeoutMs: number;
  /** What may wait to be confirmed, of all topics together. */
  readonly maxWaitingBytes: number;
  readonly metrics: KafkaMetrics;
}

export interface KafkaAppender {
  append(topic: string, records: readonly LogRecord[]): Promise<readonly Appended[]>;
  /** Kafka was seen to answer. */
  tryAgain(): void;
  close(): Promise<void>;
}

/** Each topic has a lane and a connection of its own: what ails one topic holds up no other. */
export function createKafkaAppender(options: KafkaAppenderOptions): KafkaAppender {
  const { connection, timeoutMs, maxWaitingBytes, metrics } = options;
  const { logger } = connection;
  const lanes = new Map<string, { readonly lane: AppendLane; readonly line: KafkaLine<Producer> }>();
  let waitingBytes = 0;
  let closed = false;

  function laneOf(topic: string): AppendLane {
    let opened = lanes.get(topic);
    if (!opened) {
      const requestTimeoutMs = requestTimeoutOf(timeoutMs);
      const line = createProducerLine(connection, { requestTimeoutMs, retries: 0 }, createPartitioner);
      const cluster = createClusterLine(connection, { requestTimeoutMs, retries: 0 });
      const lane = createAppendLane({
        ...{ topic, line, timeoutMs, logger, metrics },
        // Once is enough as a rule: nothing stays connected for it.
        checkLeaders: () => cluster.use((kafka) => checkLeaders(kafka, topic)).finally(() => cluster.close()),
        // Less than a request may take, so that a broker can still say that its replicas were too slow.
        ackTimeoutMs: Math.round(0.8 * requestTimeoutMs),
      });
      opened = { line, lane };
      lanes.set(topic, opened);
    }
    return opened.lane;
  }

  function forget(topic: string): void {
    void lanes.get(topic)?.line.close();
    lanes.delete(topic);
  }

  function hold(bytes: number): void {
    waitingBytes += bytes;
    metrics.waitingBytes.set(waitingBytes);
  }

  async function appendAll(topic: string, records: readonly Outgoing[]): Promise<void> {
    const bytes = records.reduce((sum, record) => sum + record.bytes + recordOverheadBytes, 0);
    if (waitingBytes > 0 && waitingBytes + bytes > maxWaitingBytes) {
      throw new LogUnavailableError(
        `${waitingBytes} bytes wait for Kafka already, at most ${maxWaitingBytes} may`,
      );
    }
    hold(bytes);
    try {
      const lane = laneOf(topic);
      await Promise.all(splitRecords(records).map((part) => lane.append(part)));
    } finally {
      hold(-bytes);
    }
  }

  return {
    async append(topic, records) {
      if (closed) throw new LogUnavailableError('the event log is closed');
      if (records.length === 0) return [];
      refuseTooLarge(records);
      const now = Date.now();
      const outgoing = records.map((record) => toOutgoing(record, now));
      const stop = metrics.seconds.startTimer({ topic });
      try {
        await appendAll(topic, outgoing);
        stop();
        metrics.records.inc({ topic, result: 'stored' }, records.length);
        return outgoing.map((record) => placeOf(topic, record));
      } catch (error) {
        const result = error instanceof LogUnavailableError ? 'unavailable' : 'refused';
        metrics.records.inc({ topic, result }, records.length);
        if (error instanceof UnknownTopicError) forget(topic);
        throw error;
      }
    },
    tryAgain() {
      for (const { lane } of lanes.values()) lane.tryAgain();
    },
    async close() {
      closed = true;
      await Promise.all([...lanes.values()].map(({ lane }) => lane.idle()));
      await Promise.all([...lanes.values()].map(({ line }) => line.close()));
    },
  };
}

/** What one batch does not hold goes in several. */
function splitRecords(records: readonly Outgoing[]): readonly (readonly Outgoing[])[] {
  const parts: Outgoing[][] = [[]];
  let bytes = 0;
  for (const record of records) {
    let part = parts.at(-1) as Outgoing[];
    if (part.length > 0 && (part.length === maxBatchRecords || bytes + record.bytes > maxBatchBytes)) {
      part = [];
      parts.push(part);
      bytes = 0;
    }
    part.push(record);
    bytes += record.bytes;
  }
  return parts;
}

/** So that a batch can be sent again within the time of its records. */
const requestTimeoutOf = (timeoutMs: number) => Math.max(500, 0.4 * timeoutMs);
/** What a record takes in memory beside its bytes. */
const recordOverheadBytes = 400;
