import { randomUUID } from 'node:crypto';
import type { EventLog } from '@medley/event-log';
import { createKafkaEventLog } from '@medley/event-log/kafka';
import { allTopics } from '@medley/events';
import { silentLogger } from '@medley/testing';
import { withOwnNames } from '@medley/testing/event-log';

/** The Kafka that the environment names, with topics of a test's own; undefined where it names none. */
export const openKafka = toOpener(process.env.TEST_KAFKA_BROKERS);

function toOpener(brokers: string | undefined): (() => Promise<EventLog>) | undefined {
  if (!brokers) return undefined;
  return async () => {
    const kafka = createKafkaEventLog({
      brokers: brokers.split(','),
      clientId: 'test',
      logger: silentLogger,
    });
    const log = withOwnNames(kafka, `test-${randomUUID()}.`);
    await log.admin.ensureTopics(allTopics);
    return log;
  };
}
