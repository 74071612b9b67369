import { host, httpUrl, logLevel, port, postgresUrl, redisUrl, signingKeys } from '@medley/config';
import { eventLogConfig } from '@medley/event-log';
import { z } from 'zod';

/** The environment of the catalog process. */
export const catalogConfig = {
  PORT: port(4002),
  HOST: host,
  LOG_LEVEL: logLevel,
  /** The primary; read replicas stand behind an address of their own later. */
  DATABASE_URL_CATALOG: postgresUrl,
  /** What processes have cached for each other; without it each has its own cache only. */
  REDIS_URL: redisUrl.optional(),
  /** What the cache in this process may take. */
  CACHE_MEMORY_BYTES: z.coerce.number().int().min(1_000_000).default(32_000_000),
  /** Shared with the router. */
  IDENTITY_KEYS_CATALOG: signingKeys,
  /** Shared with the subgraphs that ask as services, which these sign for, and for nobody else. */
  SERVICE_KEYS_CATALOG: signingKeys,
  /** For the cursors of pages; shared by all replicas. */
  CURSOR_KEYS: signingKeys,
  /** The edge as clients reach it, which shows covers. */
  EDGE_BASE_URL: httpUrl,
  ...eventLogConfig,
};
