import { describe } from 'vitest';
import { openKafka } from './open-kafka.ts';
import { subscriptionsSuite } from './subscriptions-suite.ts';

if (!openKafka) console.info('Subscriptions on Kafka are left out: TEST_KAFKA_BROKERS is not set.');

describe.runIf(openKafka)('on Kafka', () => {
  subscriptionsSuite('subscriptions', openKafka);
});
