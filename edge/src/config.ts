import { host, httpUrl, list, logLevel, port, signingKeys } from '@medley/config';
import { z } from 'zod';

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
  LOG_LEVEL: logLevel,
};
