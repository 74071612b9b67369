import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Database, migrate, openEmbedded, openPglite } from '@medley/database';
import type { EventLog } from '@medley/event-log';
import { openEmbeddedEventLog } from '@medley/event-log/embedded';
import { createKafkaEventLog } from '@medley/event-log/kafka';
import { allTopics } from '@medley/events';
import { createLogger, createMetrics } from '@medley/service';
import { openTestDatabase } from '@medley/testing/database';
import { startTestKafka } from '@medley/testing/kafka';

/** A log, and as many empty databases as are wanted, one after the other. */
export interface Parts {
  readonly name: string;
  readonly log: EventLog;
  openDatabase(): Promise<Database>;
  close(): Promise<void>;
}

const logger = createLogger('bench', 'error');

/** What `npm start` has: both on disk, in this process. */
export async function openEmbeddedParts(): Promise<Parts> {
  const folder = await mkdtemp(join(tmpdir(), 'medley-bench-'));
  const log = await openEmbeddedEventLog({ folder: join(folder, 'log'), logger });
  await log.admin.ensureTopics(allTopics);
  let databases = 0;
  return {
    name: 'embedded log, PGlite',
    log,
    async openDatabase() {
      databases += 1;
      const pglite = await openPglite(join(folder, `database-${databases}`));
      const database = openEmbedded(pglite);
      await migrate(database, 'analytics');
      return { ...database, close: () => pglite.close() };
    },
    async close() {
      await log.close();
      await rm(folder, { recursive: true });
    },
  };
}

/** A Kafka of its own and databases on the server of TEST_POSTGRES_URL; null where KAFKA_JARS or that is not set. */
export async function openServerParts(): Promise<Parts | null> {
  if (!process.env.TEST_POSTGRES_URL) return null;
  const kafka = await startTestKafka();
  if (!kafka) return null;
  const log = createKafkaEventLog({
    brokers: kafka.brokers,
    clientId: 'bench',
    logger,
    metrics: createMetrics(),
  });
  await log.admin.ensureTopics(allTopics);
  return {
    name: 'Kafka, PostgreSQL',
    log,
    openDatabase: () => openTestDatabase('analytics'),
    async close() {
      await log.close();
      await kafka.stop();
    },
  };
}
