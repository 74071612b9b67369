import { hostname } from 'node:os';
import { host, httpUrl, list, logLevel, port, signingKeys } from '@medley/config';
import { eventLogConfig } from '@medley/event-log';
import { z } from 'zod';

/** How a node of the edge calls itself where it tells its traffic. */
export const nodeName = z.string().min(1).max(64).default(hostname().slice(0, 64));

/** The environment of the edge; README.md says what each variable means. */
export const edgeConfig = {
  PORT: port(4100),
  HOST: host,
  URL_SIGNING_KEYS: signingKeys,
  ORIGIN_URL: httpUrl,
  ORIGIN_SECRET: z.string().min(16),
  EDGE_CACHE_BYTES: z.coerce.number().int().min(1_048_576).default(268_435_456),
  CORS_ORIGINS: list,
  ORIGIN_TIMEOUT_MS: z.coerce.number().int().min(100).default(30_000),
  DRAIN_MS: z.coerce.number().int().min(0).default(5_000),
  /** Told with its traffic, where there is an event log; a name of each process alone. */
  EDGE_NODE: nodeName,
  ...eventLogConfig,
  LOG_LEVEL: logLevel,
};
