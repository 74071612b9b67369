import { createCacheMetrics } from '@medley/cache';
import { readConfig } from '@medley/config';
import { createCursors } from '@medley/connection';
import { openPostgres } from '@medley/database';
import { openEventLog, startMakingTopics } from '@medley/event-log';
import { allTopics } from '@medley/events';
import { createIdentityVerifier } from '@medley/identity';
import { createLogger, createMetrics, findSilent, runUntilSignal } from '@medley/service';
import { startSubgraph } from '@medley/subgraph';
import { openRepositories } from './adapters/prisma-repositories.ts';
import { createApp, startDailyWork, startIngestion, startLive } from './app.ts';
import { analyticsConfig } from './config.ts';

const config = readConfig(analyticsConfig, process.env);
const logger = createLogger('analytics', config.LOG_LEVEL);

await runUntilSignal(logger, async ({ crash }) => {
  const { HOST: host, PORT: port } = config;
  const metrics = createMetrics({ runtime: true });
  const database = openPostgres({
    url: config.DATABASE_URL_ANALYTICS,
    onIdleError: (error) => logger.warn({ reason: error.message }, 'a connection to the database broke'),
  });
  const repositories = openRepositories(database);
  const log = openEventLog(config, { logger, metrics, clientId: 'analytics' });
  const ingestion = startIngestion({ log, ...repositories, logger, metrics, onCrash: crash });
  // It follows nearly all of them, and nothing comes of a topic while another one of its group is missing.
  const stopMakingTopics = startMakingTopics({ log, topics: allTopics, logger });
  const stopDailyWork = startDailyWork({
    ...repositories,
    log,
    popularityMinPlays: config.POPULARITY_MIN_PLAYS,
    logger,
    metrics,
  });
  const live = startLive({ log, ...repositories, logger });
  const app = await createApp({
    ...repositories,
    log,
    live,
    cacheMetrics: createCacheMetrics(metrics),
    cursors: createCursors(config.CURSOR_KEYS),
    identity: createIdentityVerifier({
      audience: 'analytics',
      keys: config.IDENTITY_KEYS_ANALYTICS,
      serviceKeys: config.SERVICE_KEYS_ANALYTICS,
    }),
    logger,
  });
  const service = await startSubgraph(app, {
    host,
    port,
    logger,
    metrics,
    drainMs: 2_000,
    findUnready: async () => [
      ...(await findSilent({ 'the database': repositories.ping })),
      ...ingestion.findUnready(),
    ],
    findDegraded: () => findSilent({ 'the event log': () => log.ping(1_000) }),
  });
  return async () => {
    await service.stop();
    stopMakingTopics();
    await Promise.all([ingestion.stop(), stopDailyWork(), live.stop()]);
    await log.close();
    await repositories.close();
    await database.close();
  };
});
