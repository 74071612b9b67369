import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Database, migrate, openEmbedded, openPglite } from '@medley/database';
import type { EventLog } from '@medley/event-log';
import { openEmbeddedEventLog } from '@medley/event-log/embedded';
import { createKafkaEventLog } from '@medley/event-log/kafka';
import { allTopics } from '@medley/events';
import { openCassandraUserData } from '@medley/recommendations/adapters/cassandra-user-data';
import { createMemoryTasteProfiles } from '@medley/recommendations/adapters/memory-taste-profiles';
import { openRadioSessions } from '@medley/recommendations/adapters/open-radio-sessions';
import { openPrismaUserData } from '@medley/recommendations/adapters/prisma-user-data';
import { createRedisTasteProfiles } from '@medley/recommendations/adapters/redis-taste-profiles';
import type { RecommendationsParts } from '@medley/recommendations/recommendations';
import { connectRedis } from '@medley/redis';
import { createLogger, createMetrics } from '@medley/service';
import { openTestCassandra, startTestCassandra } from '@medley/testing/cassandra';
import { openTestDatabase } from '@medley/testing/database';
import { startTestKafka } from '@medley/testing/kafka';
import { startTestRedis } from '@medley/testing/redis';

type UserParts = Pick<RecommendationsParts, 'userData' | 'fastProfiles' | 'radioSessions'>;

/** What recommendations run on. */
export interface Parts extends UserParts {
  readonly name: string;
  readonly log: EventLog;
  readonly database: Database;
  close(): Promise<void>;
}

const logger = createLogger('bench', 'error');

/** What `npm start` has: all on disk or in memory, in this process. */
export async function openEmbeddedParts(): Promise<Parts> {
  const folder = await mkdtemp(join(tmpdir(), 'medley-bench-'));
  const log = await openEmbeddedEventLog({ folder: join(folder, 'log'), logger });
  await log.admin.ensureTopics(allTopics);
  const pglite = await openPglite(join(folder, 'database'));
  const database = openEmbedded(pglite);
  await migrate(database, 'recommendations');
  const userData = openPrismaUserData(database);
  const { radioSessions } = openRadioSessions({ redisUrl: undefined, logger });
  return {
    ...{ log, database, userData, radioSessions },
    name: 'embedded log, PGlite',
    fastProfiles: createMemoryTasteProfiles(),
    async close() {
      await userData.close();
      await log.close();
      await pglite.close();
      await rm(folder, { recursive: true });
    },
  };
}

/** Servers of its own, and a database on that of TEST_POSTGRES_URL; null where the environment lacks what they need. */
export async function openServerParts(): Promise<Parts | null> {
  if (!process.env.TEST_POSTGRES_URL) return null;
  const [kafka, node, redis] = await Promise.all([startTestKafka(), startTestCassandra(), startTestRedis()]);
  const stop = () => Promise.all([kafka?.stop(), node?.stop(), redis?.kill()]);
  const keyspace = node && (await openTestCassandra('recommendations', [...node.contactPoints]));
  if (!kafka || !keyspace || !redis) {
    await stop();
    return null;
  }
  const metrics = createMetrics();
  const log = createKafkaEventLog({ brokers: kafka.brokers, clientId: 'bench', logger, metrics });
  await log.admin.ensureTopics(allTopics);
  const database = await openTestDatabase('recommendations');
  const client = connectRedis({ url: redis.url, commandTimeoutMs: 2_000, onLost() {} });
  const userData = openCassandraUserData(keyspace.cassandra);
  const radios = openRadioSessions({ redisUrl: redis.url, logger });
  return {
    ...{ log, database, userData, radioSessions: radios.radioSessions },
    name: 'Kafka, Cassandra, Redis, PostgreSQL',
    fastProfiles: createRedisTasteProfiles({ client }),
    async close() {
      await log.close();
      await keyspace.close();
      await database.close();
      client.disconnect();
      radios.close();
      await stop();
    },
  };
}
