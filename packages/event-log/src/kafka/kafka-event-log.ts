import type { Metrics } from '@medley/service';
import { LogUnavailableError } from '../errors.ts';
import type { EventLog, Subscription } from '../event-log.ts';
import type { KafkaAccess, KafkaConnection } from './connection.ts';
import { startGroupConsumer } from './group-consumer.ts';
import { createKafkaAdmin } from './kafka-admin.ts';
import { createKafkaAppender } from './kafka-appender.ts';
import { reasonOf } from './kafka-errors.ts';
import { createAdminLine, createClusterLine } from './kafka-line.ts';
import { createKafkaLogSink } from './kafka-logger.ts';
import { createKafkaMetrics } from './kafka-metrics.ts';
import { startTail } from './tail-reader.ts';
import { within } from './within.ts';

export interface KafkaEventLogOptions extends KafkaConnection {
  readonly metrics?: Metrics;
  /** How long Kafka has to confirm what is appended, in milliseconds; 10 s unless told otherwise. */
  readonly appendTimeoutMs?: number;
  /** What may wait to be confirmed, in bytes of memory; 32 MB unless told otherwise. More is refused at once. */
  readonly maxWaitingBytes?: number;
  /** Of topics that are made; as many as there are brokers, and at most three, unless told otherwise. */
  readonly replicationFactor?: number;
  /** How long a consumer may show no sign of life before it is begun anew, in milliseconds; 30 s unless told otherwise. */
  readonly silentMs?: number;
  /** How long a handler may take without a heartbeat before its consumer is a crash, in milliseconds; 5 min unless told otherwise. */
  readonly handlerSilentMs?: number;
}

/** The event log in Kafka. Nothing is connected before it is needed, and nothing has to be there when it is created. */
export function createKafkaEventLog(options: KafkaEventLogOptions): EventLog {
  const { brokers, clientId, ssl, sasl, logger, replicationFactor } = options;
  const { appendTimeoutMs = 10_000, maxWaitingBytes = 32_000_000 } = options;
  const { silentMs = 30_000, handlerSilentMs = 300_000 } = options;
  const logSink = createKafkaLogSink(logger);
  const connection: KafkaAccess = { brokers, clientId, ssl, sasl, logger, logSink };
  const metrics = createKafkaMetrics(options.metrics);
  const appender = createKafkaAppender({ connection, timeoutMs: appendTimeoutMs, maxWaitingBytes, metrics });
  const adminLine = createAdminLine(connection, { requestTimeoutMs: 15_000, retries: 3 });
  const clusterLine = createClusterLine(connection, { requestTimeoutMs: 10_000, retries: 3 });
  const pingLine = createClusterLine(connection, { requestTimeoutMs: 5_000, retries: 0 });
  const admin = createKafkaAdmin({ admin: adminLine, cluster: clusterLine, replicationFactor });
  const subscriptions = new Set<Subscription>();
  let closing: Promise<void> | null = null;

  async function keep(start: () => Promise<Subscription>): Promise<Subscription> {
    if (closing) throw new LogUnavailableError('the event log is closed');
    const started = await start();
    const subscription: Subscription = {
      async stop() {
        await started.stop();
        subscriptions.delete(subscription);
      },
    };
    subscriptions.add(subscription);
    return subscription;
  }

  async function close(): Promise<void> {
    await Promise.all([appender.close(), ...[...subscriptions].map((subscription) => subscription.stop())]);
    await Promise.all([adminLine, clusterLine, pingLine].map((line) => line.close()));
  }

  return {
    append: appender.append,
    subscribe: (wanted) =>
      keep(() => startGroupConsumer({ ...wanted, connection, admin, metrics, silentMs, handlerSilentMs })),
    tail: (wanted) => keep(() => startTail(connection, wanted)),
    admin,
    async ping(timeoutMs) {
      const late = () => new LogUnavailableError(`Kafka did not answer within ${timeoutMs} ms`);
      try {
        await within(
          timeoutMs,
          pingLine.use((cluster) => cluster.refreshMetadata()),
          late,
        );
      } catch (error) {
        pingLine.sever();
        if (error instanceof LogUnavailableError) throw error;
        throw new LogUnavailableError(`Kafka did not answer: ${reasonOf(error)}`, error);
      }
      appender.tryAgain();
    },
    close: () => (closing ??= close()),
  };
}
