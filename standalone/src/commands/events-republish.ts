import { openRepositories as openCatalog } from '@medley/catalog/adapters/prisma-repositories';
import { postgresUrl, readConfig } from '@medley/config';
import { openPostgres } from '@medley/database';
import { eventLogConfig, openEventLog } from '@medley/event-log';
import { openRepositories as openPlaylists } from '@medley/playlists/adapters/prisma-repositories';
import { createLogger, createMetrics } from '@medley/service';
import { openRepositories as openUsers } from '@medley/users/adapters/prisma-repositories';
import { standaloneConfig } from '../config.ts';
import { InterruptedError, runCommandLine, untilInterrupted } from '../control/command-line.ts';
import { eventsRepublish, republishable } from '../control/events-republish.ts';
import { openLog } from '../event-log.ts';
import { openRows } from '../rows.ts';
import { createTerminalScreen } from '../screen.ts';

/**
 * npm run events:republish -- catalog: sends all states of one owner to the event log again. Where KAFKA_BROKERS is set it reads the
 * database that DATABASE_URL_<OWNER> names, else that of the standalone service. Exit status: 0 all were sent, 1 it failed, 2 wrong
 * arguments, 130 when it was interrupted.
 */
const config = readConfig(
  {
    DATA_DIR: standaloneConfig.DATA_DIR,
    DATABASE_URL_CATALOG: postgresUrl.optional(),
    DATABASE_URL_PLAYLISTS: postgresUrl.optional(),
    DATABASE_URL_USERS: postgresUrl.optional(),
    ...eventLogConfig,
  },
  process.env,
);
const databases = {
  catalog: ['DATABASE_URL_CATALOG', config.DATABASE_URL_CATALOG, openCatalog],
  library: ['DATABASE_URL_PLAYLISTS', config.DATABASE_URL_PLAYLISTS, openPlaylists],
  playlists: ['DATABASE_URL_PLAYLISTS', config.DATABASE_URL_PLAYLISTS, openPlaylists],
  users: ['DATABASE_URL_USERS', config.DATABASE_URL_USERS, openUsers],
} as const;
const [logger, metrics] = [createLogger('events-republish', 'error'), createMetrics()];
const [what, ...options] = process.argv.slice(2);
const restart = options[0] === '--restart';
const owner = republishable.find((name) => name === what);
if (!owner || options.length > (restart ? 1 : 0)) {
  console.error(`usage: npm run events:republish -- ${republishable.join('|')} [--restart]`);
  process.exit(2);
}
try {
  const result = await (config.KAFKA_BROKERS ? republishToKafka(owner) : republishHere());
  process.exitCode = (result as { finished: boolean }).finished ? 0 : 130;
} catch (error) {
  console.error((error as Error).message);
  process.exitCode = error instanceof InterruptedError ? 130 : 1;
}

async function republishToKafka(what: (typeof republishable)[number]): Promise<unknown> {
  const [name, url, open] = databases[what];
  if (!url) throw new Error(`${name} is required with KAFKA_BROKERS: the database of ${what}`);
  const database = openPostgres({ url, poolSize: 4, onIdleError() {} });
  const rows = open(database);
  const eventLog = openEventLog(config, { logger, metrics, clientId: 'events-republish' });
  try {
    const run = { screen: createTerminalScreen(process.stderr), signal: untilInterrupted() };
    const dependencies = { eventLog, logger, metrics };
    const owned = what === 'library' ? 'playlists' : what;
    return await eventsRepublish({ ...dependencies, rows: { [owned]: rows } }, { what, restart }, run);
  } finally {
    await eventLog.close();
    await rows.close();
    await database.close();
  }
}

function republishHere(): Promise<unknown> {
  return runCommandLine(config.DATA_DIR, 'events-republish', { what, restart }, async (folder, run) => {
    const rows = await openRows(folder.path, run.screen);
    const eventLog = await openLog(folder.path, logger);
    try {
      return await eventsRepublish({ rows, eventLog, logger, metrics }, { what, restart }, run);
    } finally {
      await eventLog.close();
      await rows.close();
    }
  });
}
