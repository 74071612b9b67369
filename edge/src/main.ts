import { host, httpUrl, list, logLevel, port, readConfig, signingKeys } from '@medley/config';
import { createLogger, createMetrics, runUntilSignal } from '@medley/service';
import { z } from 'zod';
import { createEdge } from './edge.ts';

const config = readConfig(
  {
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
  },
  process.env,
);
const logger = createLogger('edge', config.LOG_LEVEL);

await runUntilSignal(logger, async () => {
  const edge = createEdge({
    keys: config.URL_SIGNING_KEYS,
    originUrl: config.ORIGIN_URL,
    originSecret: config.ORIGIN_SECRET,
    cacheBytes: config.EDGE_CACHE_BYTES,
    allowedOrigins: config.CORS_ORIGINS,
    originTimeoutMs: config.ORIGIN_TIMEOUT_MS,
    drainMs: config.DRAIN_MS,
    logger,
    metrics: createMetrics({ runtime: true }),
  });
  const service = await edge.start({ port: config.PORT, host: config.HOST });
  return () => service.stop();
});
