import { readConfig } from '@medley/config';
import { createLogger, createMetrics, runUntilSignal } from '@medley/service';
import { originConfig } from '../origin/config.ts';
import { createOrigin } from '../origin/origin.ts';

const config = readConfig(originConfig, process.env);
const logger = createLogger('origin', config.LOG_LEVEL);

await runUntilSignal(logger, async () => {
  const origin = await createOrigin({
    dataDir: config.DATA_DIR,
    secret: config.ORIGIN_SECRET,
    logger,
    metrics: createMetrics({ runtime: true }),
    onProgress: ({ piece, quality, done }) => {
      if (done === 1) logger.info({ piece: piece.name, quality }, 'rendered');
    },
  });
  await origin.prepare(config.ORIGIN_PREPARE);
  const service = await origin.start({ port: config.PORT, host: config.HOST });
  return () => service.stop();
});
