import { readConfig } from '@medley/config';
import { createCursors } from '@medley/connection';
import { openPostgres } from '@medley/database';
import { createIdentityVerifier } from '@medley/identity';
import { createLogger, createMetrics, runUntilSignal } from '@medley/service';
import { startSubgraph } from '@medley/subgraph';
import { openRepositories } from './adapters/prisma-repositories.ts';
import { createApp } from './app.ts';
import { catalogConfig } from './config.ts';

const config = readConfig(catalogConfig, process.env);
const logger = createLogger('catalog', config.LOG_LEVEL);

await runUntilSignal(logger, async () => {
  const database = openPostgres({
    url: config.DATABASE_URL_CATALOG,
    onIdleError: (error) => logger.warn({ err: error }, 'a connection to the database broke'),
  });
  const { catalog, changes, entities, close } = openRepositories(database);
  const subgraph = await createApp({
    catalog,
    changes,
    entities,
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
    metrics: createMetrics({ runtime: true }),
    drainMs: 2_000,
    findUnready: () =>
      catalog.ping().then(
        () => [],
        () => ['database'],
      ),
  });
  return async () => {
    await service.stop();
    await close();
    await database.close();
  };
});
