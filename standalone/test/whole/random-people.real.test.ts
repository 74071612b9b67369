import { describe } from 'vitest';
import { openKafka } from './open-kafka.ts';
import { randomPeopleSuite } from './random-people-suite.ts';

if (!openKafka) console.info('Fifty people on Kafka are left out: TEST_KAFKA_BROKERS is not set.');

describe.runIf(openKafka)('on Kafka', () => {
  randomPeopleSuite(openKafka);
});
