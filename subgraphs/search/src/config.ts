import { host, httpUrl, logLevel, port, signingKeys } from '@medley/config';
import { z } from 'zod';

/** The environment of the search process. */
export const searchConfig = {
  PORT: port(4005),
  HOST: host,
  LOG_LEVEL: logLevel,
  /** Shared with the router. */
  IDENTITY_KEYS_SEARCH: signingKeys,
  /** For the cursors of pages; shared by all replicas. */
  CURSOR_KEYS: signingKeys,
  /** The index. Without it the process keeps one of its own, in memory. */
  MEILISEARCH_URL: httpUrl.optional(),
  MEILISEARCH_API_KEY: z.string().optional(),
  /** Catalog's GraphQL endpoint: what it has is found here. */
  SUBGRAPH_URL_CATALOG: httpUrl,
  /** Playlists' GraphQL endpoint, likewise. */
  SUBGRAPH_URL_PLAYLISTS: httpUrl,
  /** Shared with catalog, which takes them for services only. */
  SERVICE_KEYS_CATALOG: signingKeys,
  /** Shared with playlists, likewise. */
  SERVICE_KEYS_PLAYLISTS: signingKeys,
  /** Whether this process keeps the index: one at a time does, any number answer from it. */
  SEARCH_INDEXING: z.stringbool().default(true),
  /** How old an index may be before it is built from scratch; 0 for any age. */
  REBUILD_INTERVAL_HOURS: z.coerce.number().min(0).max(8_760).default(24),
};
