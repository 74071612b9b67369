import { fileURLToPath } from 'node:url';
import { readConfig } from '@medley/config';
import { readOperations, readSupergraphSdl } from '@medley/schema';
import { createLogger, createMetrics, runUntilSignal } from '@medley/service';
import { createHttpLink } from '@medley/subgraph-link';
import { createJwksCache, createRouter, createTokenVerifier, fetchJwks, openGeoDatabase } from './app.ts';
import { routerConfig } from './config.ts';

const config = readConfig(routerConfig, process.env);
const logger = createLogger('router', config.LOG_LEVEL);

await runUntilSignal(logger, async () => {
  const links = {
    catalog: createHttpLink({ url: config.SUBGRAPH_URL_CATALOG }),
    playlists: createHttpLink({ url: config.SUBGRAPH_URL_PLAYLISTS }),
    search: createHttpLink({ url: config.SUBGRAPH_URL_SEARCH }),
    streaming: createHttpLink({ url: config.SUBGRAPH_URL_STREAMING }),
    users: createHttpLink({ url: config.SUBGRAPH_URL_USERS }),
  };
  const jwks = createJwksCache({ fetchKeys: fetchJwks(config.JWT_JWKS_URL), logger });
  const operations = readOperations();
  const router = await createRouter({
    supergraphSdl: readSupergraphSdl(),
    links,
    identityKeys: {
      catalog: config.IDENTITY_KEYS_CATALOG,
      playlists: config.IDENTITY_KEYS_PLAYLISTS,
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
  });
  return async () => {
    await service.stop();
    await Promise.all(Object.values(links).map((link) => link.close()));
  };
});
