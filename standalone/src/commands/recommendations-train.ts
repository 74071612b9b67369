import { join } from 'node:path';
import { readConfig } from '@medley/config';
import { openPostgres } from '@medley/database';
import { createTrainer, trainingConfig } from '@medley/recommendations';
import { openTrainingEngine } from '@medley/recommendations/adapters/open-training-engine';
import { openTrainingLog } from '@medley/recommendations/adapters/open-training-log';
import { openRepositories } from '@medley/recommendations/adapters/prisma-repositories';
import { createTrainingThread } from '@medley/recommendations/adapters/training-thread';
import { createLogger, createMetrics } from '@medley/service';
import { z } from 'zod';
import { standaloneConfig } from '../config.ts';
import { InterruptedError, runCommandLine, untilInterrupted } from '../control/command-line.ts';
import { recommendationsTrain } from '../control/recommendations-train.ts';
import { openRows } from '../rows.ts';
import { createTerminalScreen } from '../screen.ts';
import { openTraining } from '../training.ts';
import { ArgumentsError, readOptions } from './events-command.ts';

const usage = `usage: npm run recommendations:train -- [--from <day>] [--force] [--engine embedded|spark]
--from    the first day of plays to learn from, such as 2026-01-31; 365 days ago unless told otherwise
--force   let the model serve even when it is worse than the last one
--engine  what computes; spark where SPARK_SUBMIT names it, and not through a service that runs`;

/**
 * npm run recommendations:train: makes a model of what was played, while the old one serves. On the database that
 * DATABASE_URL_RECOMMENDATIONS names and the archive that ARCHIVE_URL names, else in the standalone service. Exit status: 0 when the new
 * one serves, 1 when it failed or was refused, 2 for wrong arguments, 130 when it was interrupted; the next one goes on.
 */
let interrupted = () => false;
try {
  const { values } = readOptions({
    options: {
      from: { type: 'string' },
      force: { type: 'boolean', default: false },
      engine: { type: 'string' },
    },
  });
  const { from = null, force } = values;
  if (from !== null && !z.iso.date().safeParse(from).success)
    throw new ArgumentsError(`--from must be a day such as 2026-01-31, got ${from}`);
  const engineName = z.enum(['embedded', 'spark']).optional().safeParse(values.engine);
  if (!engineName.success)
    throw new ArgumentsError(`--engine must be embedded or spark, got ${values.engine}`);
  const args = { from, force };
  const config = readConfig(
    {
      DATA_DIR: standaloneConfig.DATA_DIR,
      ...trainingConfig,
      DATABASE_URL_RECOMMENDATIONS: trainingConfig.DATABASE_URL_RECOMMENDATIONS.optional(),
      ARCHIVE_URL: trainingConfig.ARCHIVE_URL.optional(),
      TRAINING_FOLDER: trainingConfig.TRAINING_FOLDER.optional(),
    },
    process.env,
  );
  const spark = {
    submit: config.SPARK_SUBMIT,
    master: config.SPARK_MASTER,
    driverMemory: config.SPARK_DRIVER_MEMORY,
  };
  const logger = createLogger('recommendations-train', 'error');
  const metrics = createMetrics();
  let result: unknown;

  const { DATABASE_URL_RECOMMENDATIONS: url, ARCHIVE_URL: archiveUrl } = config;
  if (url) {
    if (!archiveUrl) throw new Error('ARCHIVE_URL is required where DATABASE_URL_RECOMMENDATIONS names rows');
    const engine = openTrainingEngine(engineName.data ?? config.TRAINING_ENGINE, spark);
    const database = openPostgres({ url, statementTimeoutMs: 60_000, onIdleError() {} });
    const rows = openRepositories(database);
    const log = openTrainingLog(config, { logger, metrics, clientId: 'recommendations-train' });
    const train = createTrainer({
      ...{ facts: rows.facts, models: rows.modelWriter, tryHold: rows.tryHold },
      ...{ engine, log, logger, metrics },
      compute: createTrainingThread(archiveUrl),
      workFolder: config.TRAINING_FOLDER ?? join(config.DATA_DIR, 'training'),
      memoryMib: config.TRAINING_MEMORY_MIB,
    });
    const run = { screen: createTerminalScreen(process.stderr), signal: untilInterrupted() };
    interrupted = () => run.signal.aborted;
    try {
      result = await recommendationsTrain({ training: { train } }, args, run);
    } finally {
      await engine.close();
      await log?.close();
      await rows.close();
      await database.close();
    }
  } else {
    result = await runCommandLine(config.DATA_DIR, 'recommendations-train', args, async (folder, run) => {
      interrupted = () => run.signal.aborted;
      const rows = await openRows(folder.path, run.screen);
      const engine = openTrainingEngine(engineName.data ?? 'embedded', spark);
      try {
        const { train } = openTraining({
          // Nobody watches what nothing runs beside.
          ...{ folder: folder.path, rows, log: null, logger, metrics },
          // What waits is written when the service runs again.
          flushArchive: async () => {},
        });
        const training = { train: (options: Parameters<typeof train>[0]) => train({ ...options, engine }) };
        return await recommendationsTrain({ training }, args, run);
      } finally {
        await engine.close();
        await rows.close();
      }
    });
  }
  if (!z.object({ serves: z.literal(true) }).safeParse(result).success) process.exitCode = 1;
} catch (error) {
  console.error((error as Error).message);
  if (error instanceof ArgumentsError) console.error(`\n${usage}`);
  const isInterrupted = interrupted() || error instanceof InterruptedError;
  process.exitCode = error instanceof ArgumentsError ? 2 : isInterrupted ? 130 : 1;
}
