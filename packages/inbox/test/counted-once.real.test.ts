import type { EventLog } from '@medley/event-log';
import { createKafkaEventLog } from '@medley/event-log/kafka';
import { silentLogger } from '@medley/testing';
import { scratchDatabases } from '@medley/testing/scratch-databases';
import { describe, it } from 'vitest';
import { countEachOnce } from './counted-once.ts';

const { TEST_KAFKA_BROKERS, TEST_POSTGRES_URL } = process.env;
const isReal = TEST_KAFKA_BROKERS && TEST_POSTGRES_URL;
if (!isReal)
  console.info(
    'Counting on Kafka and PostgreSQL is left out: TEST_KAFKA_BROKERS or TEST_POSTGRES_URL is not set.',
  );

describe.runIf(isReal)('on Kafka and PostgreSQL', () => {
  it('counts each event once, however often it is sent, while members come and go', async () => {
    const [, open] = scratchDatabases.find(([name]) => name === 'PostgreSQL') ?? [];
    if (!open || !TEST_KAFKA_BROKERS) return;
    const database = await open();
    const logs: EventLog[] = [];
    try {
      await countEachOnce({
        async connect() {
          const log = createKafkaEventLog({
            brokers: TEST_KAFKA_BROKERS.split(','),
            clientId: 'test',
            logger: silentLogger,
          });
          logs.push(log);
          return log;
        },
        sql: database.sql,
        async transact(work) {
          const transaction = await database.begin();
          if (!transaction) throw new Error('expected a server that takes many connections');
          try {
            await work(transaction);
            await transaction.commit();
          } finally {
            await transaction.rollback();
          }
        },
      });
    } finally {
      await Promise.all(logs.map((log) => log.close()));
      await database.close();
    }
  }, 300_000);
});
