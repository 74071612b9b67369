import { randomUUID } from 'node:crypto';
import { createKafkaEventLog } from '@medley/event-log/kafka';
import { allTopics } from '@medley/events';
import { silentLogger } from '@medley/testing';
import { withOwnNames } from '@medley/testing/event-log';
import { describe, it } from 'vitest';
import { countAnew } from './counted-anew.ts';

const { TEST_KAFKA_BROKERS, TEST_POSTGRES_URL } = process.env;
const isReal = TEST_KAFKA_BROKERS && TEST_POSTGRES_URL;
if (!isReal)
  console.info(
    'Counting anew on Kafka and PostgreSQL is left out: TEST_KAFKA_BROKERS or TEST_POSTGRES_URL is not set.',
  );

describe.runIf(isReal)('on Kafka and PostgreSQL', () => {
  it('the numbers of 20,000 plays that are counted anew are the same, bit for bit, whatever happens meanwhile', async () => {
    const brokers = TEST_KAFKA_BROKERS?.split(',') ?? [];
    const kafka = createKafkaEventLog({ brokers, clientId: 'test', logger: silentLogger });
    try {
      const log = withOwnNames(kafka, `test-${randomUUID()}.`);
      await log.admin.ensureTopics(allTopics);
      await countAnew(log, 20_000);
    } finally {
      await kafka.close();
    }
  }, 900_000);
});
