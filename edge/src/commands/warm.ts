import { readConfig } from '@medley/config';
import { createLogger, createMetrics, runUntilSignal, startHttpService } from '@medley/service';
import { warmingConfig } from '../warming/config.ts';
import { openWarming } from '../warming/open-warming.ts';
import { startWarmingSchedule } from '../warming/warming.ts';

/** Keeps the caches of the edge filled with what is played most: now, and then on a schedule. */
const config = readConfig(warmingConfig, process.env);
const logger = createLogger('edge-warmer', config.LOG_LEVEL);

await runUntilSignal(logger, async () => {
  const metrics = createMetrics({ runtime: true });
  const { warming, close } = openWarming(config, { metrics });
  const everyMs = config.WARM_INTERVAL_MINUTES * 60_000;
  const schedule = startWarmingSchedule({ warming, everyMs, logger });
  const { HOST: host, PORT: port } = config;
  const service = await startHttpService({ host, port, logger, metrics, routes: () => {} });
  return async () => {
    await service.stop();
    await schedule.stop();
    await close();
  };
});
