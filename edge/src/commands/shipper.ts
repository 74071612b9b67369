import { readConfig } from '@medley/config';
import { openEventLog, startMakingTopics } from '@medley/event-log';
import { edgeAccess, withItsLetters } from '@medley/events';
import { createLogger, createMetrics, runUntilSignal, startHttpService } from '@medley/service';
import { shipperConfig } from '../access-log/config.ts';
import { createLogFiles } from '../access-log/log-files.ts';
import { createShipment } from '../access-log/shipment.ts';
import { openShippedState } from '../access-log/shipped-state.ts';
import { startShipper } from '../access-log/shipper.ts';
import { createShipperMetrics } from '../access-log/shipper-metrics.ts';

/** Beside an nginx of the edge: tells the event log what its access log says. */
const config = readConfig(shipperConfig, process.env);
const logger = createLogger('edge-shipper', config.LOG_LEVEL);

await runUntilSignal(logger, async ({ crash }) => {
  const metrics = createMetrics({ runtime: true });
  const log = openEventLog(config, { logger, metrics, clientId: 'edge-shipper' });
  const stopMakingTopics = startMakingTopics({ log, topics: withItsLetters(edgeAccess), logger });
  const shipment = createShipment({
    files: createLogFiles(config.ACCESS_LOG_FILE),
    state: await openShippedState(config.SHIPPER_STATE_FILE),
    log,
    node: config.EDGE_NODE,
    tier: config.EDGE_TIER,
    sampleOutOf: config.ACCESS_SAMPLE_REQUESTS,
    logger,
    metrics: createShipperMetrics(metrics),
    clock: Date.now,
  });
  const shipper = startShipper({ shipment, everyMs: config.SHIP_INTERVAL_MS, logger, onCrash: crash });
  const service = await startHttpService({
    host: config.HOST,
    port: config.PORT,
    logger,
    metrics,
    findDegraded: shipper.findDegraded,
    routes: () => {},
  });
  return async () => {
    await service.stop();
    stopMakingTopics();
    await shipper.stop();
    await log.close();
    await shipment.close();
  };
});
