import { host, logLevel, port, readConfig } from '@medley/config';
import { createLogger, createMetrics, runUntilSignal } from '@medley/service';
import { z } from 'zod';
import { createOrigin } from '../origin/origin.ts';

const config = readConfig(
  {
    PORT: port(4200),
    HOST: host,
    ORIGIN_SECRET: z.string().min(16),
    DATA_DIR: z.string().default('.medley'),
    ORIGIN_PREPARE: z.coerce.number().int().min(0).max(12).default(2),
    LOG_LEVEL: logLevel,
  },
  process.env,
);
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
