import { host, logLevel, port, readConfig } from '@medley/config';
import { openPostgres } from '@medley/database';
import { createLogger, createMetrics, runUntilSignal, startHttpService } from '@medley/service';
import { z } from 'zod';
import { openArchiveStore } from '../adapters/archive-store.ts';
import { openTrainingEngine } from '../adapters/open-training-engine.ts';
import { openTrainingLog } from '../adapters/open-training-log.ts';
import { openRepositories } from '../adapters/prisma-repositories.ts';
import { createTrainingThread } from '../adapters/training-thread.ts';
import { createTrainer } from '../training/trainer.ts';
import { startTrainingSchedule } from '../training/training-schedule.ts';
import { trainingConfig } from '../training-config.ts';

/** The process that trains, on a schedule: beside the one that answers, and of no harm to it. */
const config = readConfig(
  {
    PORT: port(4008),
    HOST: host,
    LOG_LEVEL: logLevel,
    /** How many hours after the beginning of one training the next one begins. */
    TRAINING_EVERY_HOURS: z.coerce.number().min(0.1).max(720).default(24),
    ...trainingConfig,
  },
  process.env,
);
const logger = createLogger('recommendations-train', config.LOG_LEVEL);

await runUntilSignal(logger, async () => {
  const metrics = createMetrics({ runtime: true });
  const database = openPostgres({
    url: config.DATABASE_URL_RECOMMENDATIONS,
    // Writing a thousand rows may take its time on a server that has others to serve.
    statementTimeoutMs: 60_000,
    onIdleError: (error) => logger.warn({ reason: error.message }, 'a connection to the database broke'),
  });
  const rows = openRepositories(database);
  const engine = openTrainingEngine(config.TRAINING_ENGINE, {
    submit: config.SPARK_SUBMIT,
    master: config.SPARK_MASTER,
    driverMemory: config.SPARK_DRIVER_MEMORY,
    submitOptions: config.SPARK_SUBMIT_OPTIONS,
  });
  const archive = openArchiveStore(config.ARCHIVE_URL);
  const log = openTrainingLog(config, { logger, metrics, clientId: 'recommendations-trainer' });
  const train = createTrainer({
    facts: rows.facts,
    models: rows.modelWriter,
    compute: createTrainingThread(config.ARCHIVE_URL),
    workFolder: config.TRAINING_FOLDER,
    tryHold: rows.tryHold,
    memoryMib: config.TRAINING_MEMORY_MIB,
    ...{ engine, log, logger, metrics },
  });
  const stopSchedule = startTrainingSchedule({
    ...{ train, models: rows.models, logger },
    everyMs: config.TRAINING_EVERY_HOURS * 3_600_000,
    async hasPlays() {
      for await (const _ of archive.list('plays/')) return true;
      return false;
    },
  });
  const service = await startHttpService({
    host: config.HOST,
    port: config.PORT,
    logger,
    metrics,
    routes() {},
    findUnready: () =>
      rows.ping().then(
        () => [],
        () => ['the database does not answer'],
      ),
  });
  return async () => {
    await service.stop();
    await stopSchedule();
    await engine.close();
    await archive.close();
    await log?.close();
    await rows.close();
    await database.close();
  };
});
