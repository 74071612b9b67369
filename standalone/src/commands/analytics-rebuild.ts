import { openRepositories } from '@medley/analytics/adapters/prisma-repositories';
import { postgresUrl, readConfig } from '@medley/config';
import { openPostgres } from '@medley/database';
import { type EventLog, eventLogConfig, openEventLog } from '@medley/event-log';
import { createLogger, createMetrics } from '@medley/service';
import { standaloneConfig } from '../config.ts';
import { type AnalyticsRebuildDependencies, analyticsRebuild } from '../control/analytics-rebuild.ts';
import { InterruptedError, runCommandLine, untilInterrupted } from '../control/command-line.ts';
import type { Command } from '../control/protocol.ts';
import { openLog } from '../event-log.ts';
import { openRows } from '../rows.ts';
import { createTerminalScreen } from '../screen.ts';
import { ArgumentsError, readOptions } from './events-command.ts';

const usage = `usage: npm run analytics:rebuild -- [--lose-older] [--give-up]
--lose-older  also when the log has forgotten some of what was counted: the new numbers lack it
--give-up     give up what an interrupted one has built, and build nothing`;

/**
 * npm run analytics:rebuild: counts all numbers of analytics anew. On the database that DATABASE_URL_ANALYTICS names where KAFKA_BROKERS or
 * EVENT_LOG_URL names the log, else in the standalone service. Exit status: 0 when the new ones are shown, 1 when it failed, 2 for wrong
 * arguments, 130 when it was interrupted.
 */
let interrupted = () => false;
try {
  const { values } = readOptions({
    options: {
      'lose-older': { type: 'boolean', default: false },
      'give-up': { type: 'boolean', default: false },
    },
  });
  const args = { loseOlder: values['lose-older'], giveUp: values['give-up'] };
  const config = readConfig(
    {
      DATA_DIR: standaloneConfig.DATA_DIR,
      DATABASE_URL_ANALYTICS: postgresUrl.optional(),
      ...eventLogConfig,
    },
    process.env,
  );
  const logger = createLogger('analytics-rebuild', 'error');
  const runOn = async (
    analytics: AnalyticsRebuildDependencies['rows']['analytics'],
    eventLog: EventLog,
    run: Parameters<Command<AnalyticsRebuildDependencies>>[2],
  ) => {
    interrupted = () => run.signal.aborted;
    return analyticsRebuild({ rows: { analytics }, eventLog, logger }, args, run);
  };

  if (config.KAFKA_BROKERS ?? config.EVENT_LOG_URL) {
    const { DATABASE_URL_ANALYTICS: url } = config;
    if (!url) throw new Error('DATABASE_URL_ANALYTICS is required where the environment names an event log');
    const database = openPostgres({ url, onIdleError() {} });
    const rows = openRepositories(database);
    const log = openEventLog(config, { logger, metrics: createMetrics(), clientId: 'analytics-rebuild' });
    try {
      await runOn(rows, log, { screen: createTerminalScreen(process.stderr), signal: untilInterrupted() });
    } finally {
      await log.close();
      await rows.close();
      await database.close();
    }
  } else {
    await runCommandLine(config.DATA_DIR, 'analytics-rebuild', args, async (folder, run) => {
      const rows = await openRows(folder.path, run.screen);
      const log = await openLog(folder.path, logger);
      try {
        return await runOn(rows.analytics, log, run);
      } finally {
        await log.close();
        await rows.close();
      }
    });
  }
} catch (error) {
  console.error((error as Error).message);
  if (error instanceof ArgumentsError) console.error(`\n${usage}`);
  const isInterrupted = interrupted() || error instanceof InterruptedError;
  process.exitCode = error instanceof ArgumentsError ? 2 : isInterrupted ? 130 : 1;
}
