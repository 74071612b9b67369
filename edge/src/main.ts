import { readConfig } from '@medley/config';
import { createLogger, createMetrics, runUntilSignal } from '@medley/service';
import { edgeConfig } from './config.ts';
import { createEdge } from './edge.ts';

const config = readConfig(edgeConfig, process.env);
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
