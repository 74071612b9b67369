import { readConfig } from '@medley/config';
import { createLogger, createMetrics } from '@medley/service';
import { standaloneConfig } from '../config.ts';
import { InterruptedError, runCommandLine } from '../control/command-line.ts';
import { searchRebuild } from '../control/search-rebuild.ts';
import { openLog } from '../event-log.ts';
import { createPersonaDesk } from '../personas.ts';
import { openRows } from '../rows.ts';
import { readOrCreateSecrets } from '../secrets.ts';
import { openSubgraphs } from '../subgraphs.ts';
import { createTeardown } from '../teardown.ts';

/**
 * npm run search:rebuild: builds the index of the standalone service anew. A process of search that has Meilisearch is
 * asked by the signal SIGUSR2. Exit status: 0 when it was built, 130 when it was interrupted, 1 when it failed.
 */
const { DATA_DIR } = readConfig({ DATA_DIR: standaloneConfig.DATA_DIR }, process.env);
let interrupted = () => false;
try {
  await runCommandLine(DATA_DIR, 'search-rebuild', {}, async (folder, run) => {
    interrupted = () => run.signal.aborted;
    const teardown = createTeardown();
    try {
      const rows = await openRows(folder.path, run.screen);
      teardown.add(() => rows.close());
      const logger = createLogger('search-rebuild', 'error');
      const eventLog = await openLog(folder.path, logger);
      teardown.add(() => eventLog.close());
      const secrets = await readOrCreateSecrets(folder.path);
      const { indexing } = await openSubgraphs({
        folder: folder.path,
        rows,
        eventLog,
        secrets,
        personas: createPersonaDesk(rows.users, secrets.jwtSigningKeys),
        // Nothing of what is indexed names it.
        edgeUrl: 'http://localhost',
        screen: run.screen,
        logger,
        metrics: createMetrics(),
        teardown,
      });
      return await searchRebuild({ indexing }, {}, run);
    } finally {
      await teardown.run();
    }
  });
} catch (error) {
  console.error((error as Error).message);
  process.exitCode = interrupted() || error instanceof InterruptedError ? 130 : 1;
}
