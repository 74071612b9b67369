import { randomUUID } from 'node:crypto';
import { createKafkaEventLog } from '@medley/event-log/kafka';
import { allTopics } from '@medley/events';
import { silentLogger } from '@medley/testing';
import { withOwnNames } from '@medley/testing/event-log';
import { describe } from 'vitest';
import { subscriptionsSuite } from './subscriptions-suite.ts';

const brokers = process.env.TEST_KAFKA_BROKERS?.split(',');
if (!brokers) console.info('Subscriptions on Kafka are left out: TEST_KAFKA_BROKERS is not set.');

describe.runIf(brokers)('on Kafka', () => {
  subscriptionsSuite('subscriptions', async () => {
    const kafka = createKafkaEventLog({ brokers: brokers ?? [], clientId: 'test', logger: silentLogger });
    const log = withOwnNames(kafka, `test-${randomUUID()}.`);
    await log.admin.ensureTopics(allTopics);
    return log;
  });
});
