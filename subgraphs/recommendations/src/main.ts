import { createCassandra, readCassandraConfig } from '@medley/cassandra';
import { readConfig } from '@medley/config';
import { createCursors } from '@medley/connection';
import { openPostgres } from '@medley/database';
import { openEventLog, startMakingTopics } from '@medley/event-log';
import { allTopics } from '@medley/events';
import { createIdentityVerifier } from '@medley/identity';
import { connectRedis } from '@medley/redis';
import { createLogger, createMetrics, findSilent, runUntilSignal } from '@medley/service';
import { startSubgraph } from '@medley/subgraph';
import { openArchiveStore } from './adapters/archive-store.ts';
import { openCassandraUserData } from './adapters/cassandra-user-data.ts';
import { createMemoryTasteProfiles } from './adapters/memory-taste-profiles.ts';
import { openRadioSessions } from './adapters/open-radio-sessions.ts';
import { openRepositories } from './adapters/prisma-repositories.ts';
import { openPrismaUserData } from './adapters/prisma-user-data.ts';
import { createRedisTasteProfiles } from './adapters/redis-taste-profiles.ts';
import { recommendationsConfig } from './config.ts';
import { createRecommendations } from './recommendations.ts';

const config = readConfig(recommendationsConfig, process.env);
const logger = createLogger('recommendations', config.LOG_LEVEL);

await runUntilSignal(logger, async ({ crash }) => {
  const { HOST: host, PORT: port, REDIS_URL: redisUrl } = config;
  const metrics = createMetrics({ runtime: true });
  const database = openPostgres({
    url: config.DATABASE_URL_RECOMMENDATIONS,
    onIdleError: (error) => logger.warn({ reason: error.message }, 'a connection to the database broke'),
  });
  const rows = openRepositories(database);
  const cassandra = config.CASSANDRA_CONTACT_POINTS
    ? createCassandra({ ...readCassandraConfig(config), logger, metrics })
    : null;
  const userData = cassandra ? openCassandraUserData(cassandra) : openPrismaUserData(database);
  const redis = redisUrl
    ? connectRedis({
        url: redisUrl,
        // There is a durable copy of what it holds.
        commandTimeoutMs: 250,
        onLost: ({ message }) =>
          logger.warn({ reason: message }, 'no Redis: profiles come from their copies'),
        onBack: () => logger.info('Redis is back'),
      })
    : null;
  const radios = openRadioSessions({ redisUrl, logger });
  const archiveStore = openArchiveStore(config.ARCHIVE_URL);
  const log = openEventLog(config, { logger, metrics, clientId: 'recommendations' });
  const stopMakingTopics = startMakingTopics({ log, topics: allTopics, logger });
  const recommendations = await createRecommendations({
    rows,
    userData,
    fastProfiles: redis ? createRedisTasteProfiles({ client: redis }) : createMemoryTasteProfiles(),
    radioSessions: radios.radioSessions,
    archiveStore,
    archiveFlushMs: config.ARCHIVE_FLUSH_SECONDS * 1_000,
    log,
    cursors: createCursors(config.CURSOR_KEYS),
    identity: createIdentityVerifier({
      audience: 'recommendations',
      keys: config.IDENTITY_KEYS_RECOMMENDATIONS,
      serviceKeys: config.SERVICE_KEYS_RECOMMENDATIONS,
    }),
    logger,
    metrics,
    onCrash: crash,
  });
  const following = recommendations.start();
  const service = await startSubgraph(recommendations.app, {
    host,
    port,
    logger,
    metrics,
    drainMs: 2_000,
    findUnready: async () => [
      ...(await findSilent({ 'the database': rows.ping })),
      ...following.findUnready(),
    ],
    findDegraded: () => findSilent({ 'the event log': () => log.ping(1_000), 'user data': userData.ping }),
  });
  return async () => {
    await service.stop();
    stopMakingTopics();
    await recommendations.stop();
    await following.stop();
    await archiveStore.close();
    await log.close();
    radios.close();
    redis?.disconnect();
    await userData.close();
    await cassandra?.close();
    await rows.close();
    await database.close();
  };
});
