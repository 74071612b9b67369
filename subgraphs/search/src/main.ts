import { ConfigError, readConfig } from '@medley/config';
import { createCursors } from '@medley/connection';
import { createIdentityVerifier } from '@medley/identity';
import { createLogger, createMetrics, runUntilSignal } from '@medley/service';
import { startSubgraph } from '@medley/subgraph';
import { createHttpLink } from '@medley/subgraph-link';
import { createLinkCatalogSource } from './adapters/link-catalog-source.ts';
import { createLinkPlaylistSource } from './adapters/link-playlist-source.ts';
import { createMeilisearchIndex } from './adapters/meilisearch-index.ts';
import { openMiniSearchIndex } from './adapters/minisearch-index.ts';
import { createApp, createIndexing, watchSources } from './app.ts';
import { searchConfig } from './config.ts';

const config = readConfig(searchConfig, process.env);
if (!config.MEILISEARCH_URL && !config.SEARCH_INDEXING)
  throw new ConfigError([
    'SEARCH_INDEXING: must be true without MEILISEARCH_URL, as nobody else keeps that index',
  ]);
const logger = createLogger('search', config.LOG_LEVEL);

await runUntilSignal(logger, async () => {
  const metrics = createMetrics({ runtime: true });
  const catalog = createHttpLink({ url: config.SUBGRAPH_URL_CATALOG });
  const playlists = createHttpLink({ url: config.SUBGRAPH_URL_PLAYLISTS });
  const sources = [
    createLinkCatalogSource({ link: catalog, keys: config.SERVICE_KEYS_CATALOG }),
    createLinkPlaylistSource({ link: playlists, keys: config.SERVICE_KEYS_PLAYLISTS }),
  ];
  const { index, writer, close } = await openIndex();
  const indexing = config.SEARCH_INDEXING ? keepIndex() : null;
  process.on('SIGUSR2', () => {
    const rebuilt =
      indexing?.rebuild({ reason: 'SIGUSR2' }) ?? Promise.reject(new Error('another process keeps it'));
    rebuilt.catch((error: unknown) => logger.warn({ err: error }, 'the index was not rebuilt'));
  });
  const subgraph = await createApp({
    index,
    indexing: indexing ?? watchSources({ index, sources }),
    cursors: createCursors(config.CURSOR_KEYS),
    identity: createIdentityVerifier({ audience: 'search', keys: config.IDENTITY_KEYS_SEARCH }),
    logger,
    metrics,
  });
  const { HOST: host, PORT: port } = config;
  const findUnready = async () => {
    const { generation } = await index.readState().catch(() => ({ generation: undefined }));
    if (generation === undefined) return ['index'];
    return generation === null ? ['index: not built yet'] : [];
  };
  const service = await startSubgraph(subgraph, { host, port, logger, metrics, findUnready, drainMs: 2_000 });
  return async () => {
    await service.stop();
    await indexing?.stop();
    await close();
    await Promise.all([catalog.close(), playlists.close()]);
  };

  async function openIndex() {
    const { MEILISEARCH_URL: url, MEILISEARCH_API_KEY: apiKey } = config;
    if (!url) return openMiniSearchIndex({ folder: null, logger });
    return { ...createMeilisearchIndex({ url, apiKey }), close: async () => {} };
  }

  function keepIndex() {
    const { REBUILD_INTERVAL_HOURS: hours } = config;
    const rebuildEveryMs = hours === 0 ? null : hours * 3_600_000;
    const keeping = createIndexing({ writer, sources, logger, metrics, rebuildEveryMs });
    keeping.start();
    return keeping;
  }
});
