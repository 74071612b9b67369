import { fileURLToPath } from 'node:url';
import { readConfig } from '@medley/config';
import { connectRedis } from '@medley/redis';
import { findViewerFields, readOperations, readPublicSupergraphSdl, readSupergraphSdl } from '@medley/schema';
import { createLogger, createMetrics, runUntilSignal } from '@medley/service';
import { createHttpLink } from '@medley/subgraph-link';
import {
  createJwksCache,
  createMemoryRateLimiter,
  createMemoryStreamLimiter,
  createRedisRateLimiter,
  createRedisStreamLimiter,
  createRouter,
  createTokenVerifier,
  fetchJwks,
  openGeoDatabase,
} from './app.ts';
import { routerConfig } from './config.ts';

const config = readConfig(routerConfig, process.env);
const logger = createLogger('router', config.LOG_LEVEL);

await runUntilSignal(logger, async () => {
  const links = {
    analytics: createHttpLink({ url: config.SUBGRAPH_URL_ANALYTICS }),
    catalog: createHttpLink({ url: config.SUBGRAPH_URL_CATALOG }),
    playlists: createHttpLink({ url: config.SUBGRAPH_URL_PLAYLISTS }),
    recommendations: createHttpLink({ url: config.SUBGRAPH_URL_RECOMMENDATIONS }),
    search: createHttpLink({ url: config.SUBGRAPH_URL_SEARCH }),
    streaming: createHttpLink({ url: config.SUBGRAPH_URL_STREAMING }),
    users: createHttpLink({ url: config.SUBGRAPH_URL_USERS }),
  };
  const redis =
    config.REDIS_URL === undefined
      ? undefined
      : connectRedis({
          url: config.REDIS_URL,
          // A request to the public graph and a subscription wait this long for their counters at most, and not at all while Redis is down.
          commandTimeoutMs: 250,
          onLost: ({ message }) =>
            logger.warn(
              { reason: message },
              'no Redis: this process counts public requests and streams by itself',
            ),
          onBack: () => logger.info('Redis is back'),
        });
  const policy = { requests: config.PUBLIC_REQUESTS_PER_MINUTE, windowSeconds: 60 };
  const streamLimiter = redis ? createRedisStreamLimiter(redis) : createMemoryStreamLimiter();
  const jwks = createJwksCache({ fetchKeys: fetchJwks(config.JWT_JWKS_URL), logger });
  const operations = readOperations();
  const router = await createRouter({
    supergraphSdl: readSupergraphSdl(),
    viewerFields: findViewerFields(),
    links,
    identityKeys: {
      analytics: config.IDENTITY_KEYS_ANALYTICS,
      catalog: config.IDENTITY_KEYS_CATALOG,
      playlists: config.IDENTITY_KEYS_PLAYLISTS,
      recommendations: config.IDENTITY_KEYS_RECOMMENDATIONS,
      search: config.IDENTITY_KEYS_SEARCH,
      streaming: config.IDENTITY_KEYS_STREAMING,
      users: config.IDENTITY_KEYS_USERS,
    },
    verifyCredential: createTokenVerifier({
      findKey: jwks.findKey,
      issuer: config.JWT_ISSUER,
      audience: config.JWT_AUDIENCE,
    }),
    geo: await openGeoDatabase(config.GEOIP_DATABASE),
    logger,
    metrics: createMetrics({ runtime: true }),
    operations: operations.map(({ source }) => source),
    publicGraph: {
      supergraphSdl: readPublicSupergraphSdl(),
      rateLimiter: redis ? createRedisRateLimiter(redis, policy) : createMemoryRateLimiter(policy),
      limits: { listItems: config.PUBLIC_LIST_ITEMS, values: config.PUBLIC_VALUES },
    },
    upstreamTimeoutMs: config.UPSTREAM_TIMEOUT_MS,
    operationTimeoutMs: config.OPERATION_TIMEOUT_MS,
  });
  const service = await router.start({
    host: config.HOST,
    port: config.PORT,
    trustedProxies: config.TRUSTED_PROXIES,
    corsOrigins: config.CORS_ORIGINS,
    readJwks: jwks.read,
    explorer: {
      distFolder: fileURLToPath(new URL('../explorer/dist', import.meta.url)),
      graphqlPath: '/graphql',
      edgeOrigin: new URL(config.EDGE_BASE_URL).origin,
      operations,
    },
    drainMs: config.DRAIN_MS,
    streams: {
      limiter: streamLimiter,
      limits: {
        perViewer: config.STREAMS_PER_VIEWER,
        perApp: config.STREAMS_PER_APP,
        perAddress: config.STREAMS_PER_ADDRESS,
      },
    },
  });
  return async () => {
    await service.stop();
    await streamLimiter.stop();
    await Promise.all(Object.values(links).map((link) => link.close()));
    redis?.disconnect();
  };
});
