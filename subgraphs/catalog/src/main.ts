import { createCacheMetrics, openCache } from '@medley/cache';
import { readConfig } from '@medley/config';
import { createCursors } from '@medley/connection';
import { openPostgres } from '@medley/database';
import { hearChanges, openEventLog, startMakingTopics } from '@medley/event-log';
import { analyticsPopularity, catalogChanged, withItsLetters } from '@medley/events';
import { createIdentityVerifier } from '@medley/identity';
import { createLogger, createMetrics, findSilent, runUntilSignal } from '@medley/service';
import { startSubgraph } from '@medley/subgraph';
import { createCachedCatalogRepository } from './adapters/cached-catalog-repository.ts';
import { openRepositories } from './adapters/prisma-repositories.ts';
import { createApp, followPopularity, startRelays } from './app.ts';
import { catalogConfig } from './config.ts';
import { startCacheInvalidation } from './consumers/cache-invalidation.ts';
import { startLicenceSchedule } from './consumers/licence-schedule.ts';
import { createScheduleMetrics } from './schedule-metrics.ts';

const config = readConfig(catalogConfig, process.env);
const logger = createLogger('catalog', config.LOG_LEVEL);

await runUntilSignal(logger, async ({ crash }) => {
  const database = openPostgres({
    url: config.DATABASE_URL_CATALOG,
    onIdleError: (error) => logger.warn({ err: error }, 'a connection to the database broke'),
  });
  const { catalog, changes, entities, writer, licences, schedule, popularity, relayed, close } =
    openRepositories(database);
  const metrics = createMetrics({ runtime: true });
  const log = openEventLog(config, { logger, metrics, clientId: 'catalog' });
  const relays = startRelays({ ...relayed, log, logger, metrics });
  const cacheMetrics = createCacheMetrics(metrics);
  const cache = openCache({
    memoryBytes: config.CACHE_MEMORY_BYTES,
    redisUrl: config.REDIS_URL,
    metrics: cacheMetrics,
    onLost: ({ message }) => logger.warn({ reason: message }, 'no Redis: this process caches for itself'),
    onBack: () => logger.info('Redis is back'),
  });
  const cached = createCachedCatalogRepository(catalog, { cache, metrics: cacheMetrics });
  const followed = metrics.gauge(
    'medley_catalog_cache_followed_seconds',
    'When the cache was up to date, Unix time',
  );
  const invalidation = await startCacheInvalidation({
    changes,
    forget: cached.forget,
    onFollowed: () => followed.setToCurrentTime(),
    onLost: (error) => logger.warn({ err: error }, 'the cache cannot follow what changes'),
    onBack: () => logger.info('the cache follows what changes again'),
  });
  const hearing = hearChanges({
    log,
    topic: catalogChanged.name,
    hear: invalidation.wake,
    onLost: (error) => logger.warn({ err: error }, 'changes are not heard of, and looked for each second'),
  });
  const onWritten = () => {
    invalidation.wake();
    relays.nudge();
  };
  const stopMakingTopics = startMakingTopics({ log, topics: withItsLetters(analyticsPopularity), logger });
  const popular = followPopularity({ log, popularity, onWritten, logger, metrics, onCrash: crash });
  const observed = createScheduleMetrics(metrics);
  const stopSchedule = startLicenceSchedule({
    schedule,
    onKept: observed.onKept,
    onApplied(step) {
      observed.onApplied(step);
      onWritten();
    },
    onLost: (error) => logger.warn({ err: error }, 'licences that begin or end are not applied'),
    onBack: () => logger.info('licences that begin or end are applied again'),
  });
  const subgraph = await createApp({
    catalog: cached.catalog,
    changes,
    entities,
    writer,
    licences,
    onWritten,
    images: { baseUrl: config.EDGE_BASE_URL },
    cursors: createCursors(config.CURSOR_KEYS),
    identity: createIdentityVerifier({
      audience: 'catalog',
      keys: config.IDENTITY_KEYS_CATALOG,
      serviceKeys: config.SERVICE_KEYS_CATALOG,
    }),
    logger,
  });
  const service = await startSubgraph(subgraph, {
    host: config.HOST,
    port: config.PORT,
    logger,
    metrics,
    drainMs: 2_000,
    findUnready: async () => [
      ...(await findSilent({ 'the database': catalog.ping })),
      ...popular.findUnready(),
    ],
    findDegraded: async () => [
      ...(await findSilent({ 'the event log': () => log.ping(1_000) })),
      ...relays.findDegraded(),
    ],
  });
  return async () => {
    await service.stop();
    stopMakingTopics();
    await popular.stop();
    await stopSchedule();
    await relays.stop();
    await hearing.stop();
    await invalidation.stop();
    await log.close();
    cache.close();
    await close();
    await database.close();
  };
});
