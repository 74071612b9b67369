import { openEmbedded, openPglite, openPostgres } from '@medley/database';
import { openEmbeddedEventLog } from '@medley/event-log/embedded';
import { createMetrics } from '@medley/service';
import { silentLogger } from '@medley/testing';
import { createFolderArchive } from '../../src/adapters/folder-archive.ts';
import { createPrismaArchive } from '../../src/adapters/prisma-archive.ts';
import { openPrismaClient } from '../../src/adapters/prisma-client.ts';
import { startArchiving } from '../../src/archive/start-archiving.ts';

// Archives plays until it is killed, and says so for each step: <database> <folder of the log> <folder of the archive>.
const [databaseUrl = '', logFolder = '', archiveFolder = ''] = process.argv.slice(2);

const database = databaseUrl.startsWith('postgres')
  ? openPostgres({ url: databaseUrl })
  : openEmbedded(await openPglite(databaseUrl));
const log = await openEmbeddedEventLog({ folder: logFolder, logger: silentLogger });
const tellSteps = <Port extends object>(port: Port): Port =>
  new Proxy(port, {
    get(target, name) {
      const method = Reflect.get(target, name);
      if (typeof method !== 'function') return method;
      return (...given: unknown[]) => {
        process.stdout.write(`${String(name)}\n`);
        return method.apply(target, given);
      };
    },
  });
startArchiving({
  log,
  waiting: tellSteps(createPrismaArchive(openPrismaClient(database))),
  store: tellSteps(createFolderArchive(archiveFolder)),
  tryHold: database.tryHold,
  logger: silentLogger,
  metrics: createMetrics(),
  onCrash: (error) => {
    throw error;
  },
  flushMs: 1,
  partPlays: 50,
  everyMs: 1,
});
