import { readConfig } from '@medley/config';
import { createOfferedEvents, type EventLog, openEventLog, startMakingTopics } from '@medley/event-log';
import { edgeAccess, withItsLetters } from '@medley/events';
import { createLogger, createMetrics, type Metrics, runUntilSignal } from '@medley/service';
import { edgeConfig } from './config.ts';
import { createEdge } from './edge.ts';
import { startTrafficReports } from './traffic/traffic-reports.ts';

const config = readConfig(edgeConfig, process.env);
const logger = createLogger('edge', config.LOG_LEVEL);

await runUntilSignal(logger, async () => {
  const metrics = createMetrics({ runtime: true });
  // Bytes flow without an event log; then nobody counts them but the metrics.
  const log =
    (config.KAFKA_BROKERS ?? config.EVENT_LOG_URL)
      ? openEventLog(config, { logger, metrics, clientId: 'edge' })
      : undefined;
  const reports = log && startReports(log, metrics);
  const edge = createEdge({
    keys: config.URL_SIGNING_KEYS,
    originUrl: config.ORIGIN_URL,
    originSecret: config.ORIGIN_SECRET,
    cacheBytes: config.EDGE_CACHE_BYTES,
    allowedOrigins: config.CORS_ORIGINS,
    originTimeoutMs: config.ORIGIN_TIMEOUT_MS,
    drainMs: config.DRAIN_MS,
    traffic: reports,
    logger,
    metrics,
  });
  const service = await edge.start({ port: config.PORT, host: config.HOST });
  return async () => {
    await service.stop();
    await reports?.stop();
    await log?.close();
  };
});

function startReports(log: EventLog, metrics: Metrics) {
  const stopMakingTopics = startMakingTopics({ log, topics: withItsLetters(edgeAccess), logger });
  const events = createOfferedEvents({ log, topic: edgeAccess, capacity: 10_000, logger, metrics });
  const reports = startTrafficReports({ node: config.EDGE_NODE, events });
  return {
    ...reports,
    async stop() {
      reports.stop();
      await events.stop();
      stopMakingTopics();
    },
  };
}
