import { createCacheMetrics, createMemoryCache } from '@medley/cache';
import { createCachedCatalogRepository } from '@medley/catalog/adapters/cached-catalog-repository';
import { startCacheInvalidation } from '@medley/catalog/consumers/cache-invalidation';
import type { Logger, Metrics } from '@medley/service';
import type { Rows } from './rows.ts';
import type { Teardown } from './teardown.ts';

/** The catalog's rows behind a cache in this process, which forgets what changes within a second. */
export async function openCachedCatalog({
  rows,
  logger,
  metrics,
  teardown,
}: {
  rows: Pick<Rows, 'catalog'>;
  logger: Logger;
  metrics: Metrics;
  teardown: Teardown;
}): Promise<{ catalog: Rows['catalog']['catalog']; onWritten: () => void }> {
  const cacheMetrics = createCacheMetrics(metrics);
  const cache = createMemoryCache({ maxBytes: 32 * 2 ** 20, metrics: cacheMetrics });
  const { catalog, forget } = createCachedCatalogRepository(rows.catalog.catalog, {
    cache,
    metrics: cacheMetrics,
  });
  const invalidation = await startCacheInvalidation({
    changes: rows.catalog.changes,
    forget,
    onLost: (error) => logger.warn({ err: error }, 'the cache cannot follow what changes'),
    onBack: () => logger.info('the cache follows what changes again'),
  });
  teardown.add(async () => {
    await invalidation.stop();
    cache.close();
  });
  return { catalog, onWritten: invalidation.wake };
}
