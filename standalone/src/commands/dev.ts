import { randomBytes } from 'node:crypto';
import { logLevel, readConfig } from '@medley/config';
import { serveEventLog } from '@medley/event-log/served';
import { createLogger, runProcess } from '@medley/service';
import { standaloneConfig } from '../config.ts';
import { holdDataFolder } from '../data-folder.ts';
import { servePglite } from '../dev/pglite-server.ts';
import { devProcesses } from '../dev/processes.ts';
import { runProcesses } from '../dev/run-processes.ts';
import { untilReady } from '../dev/until-ready.ts';
import { openLog } from '../event-log.ts';
import { createPersonaDesk } from '../personas.ts';
import { openRows } from '../rows.ts';
import { createTerminalScreen } from '../screen.ts';
import { readOrCreateSecrets } from '../secrets.ts';
import { createTeardown } from '../teardown.ts';
import { welcome } from '../welcome.ts';

/**
 * npm run dev: each subgraph, the router, the edge and its origin as a process of its own over HTTP, started again when
 * their files change. This process owns the rows and the event log and offers them over the loopback.
 */
const screen = createTerminalScreen(process.stdout);
const teardown = createTeardown();

await runProcess(
  () =>
    start().catch(async (error: unknown) => {
      await teardown.run();
      throw error;
    }),
  {
    stopping: () => {},
    couldNotStart: (error) => screen.line(`Medley could not start: ${(error as Error).message}`),
    crashed: (error) => screen.line(`Medley stops: ${(error as Error).message}`),
    couldNotStop: (error) => screen.line(`Medley did not stop in order: ${(error as Error).message}`),
  },
);

async function start(): Promise<() => Promise<void>> {
  const startedAt = performance.now();
  const config = readConfig({ ...standaloneConfig, LOG_LEVEL: logLevel }, process.env);
  const folder = await holdDataFolder(config.DATA_DIR);
  teardown.add(() => folder.release());
  const secrets = await readOrCreateSecrets(folder.path);
  const rows = await openRows(folder.path, screen);
  teardown.add(() => rows.close());
  const personas = createPersonaDesk(rows.users, secrets.jwtSigningKeys);
  await personas.seed();
  const issued = await personas.writeFile(folder.path);

  // From here on the rows are read and written over the socket only, where clients take turns.
  const database = await servePglite(rows.pglite, {
    onError: (error) => screen.line(`The database broke off a connection: ${error.message}`),
  });
  teardown.add(() => database.stop());
  const logger = createLogger('dev', config.LOG_LEVEL);
  const log = await openLog(folder.path, logger);
  teardown.add(() => log.close());
  const token = randomBytes(32).toString('base64url');
  const served = await serveEventLog(log, { host: '127.0.0.1', port: 0, token, logger });
  teardown.add(() => served.stop());
  const { PORT: router, EDGE_PORT: edge } = config;
  const processes = runProcesses(
    devProcesses({
      ports: {
        router,
        edge,
        users: router + 1,
        analytics: router + 6,
        recommendations: router + 7,
        catalog: router + 2,
        streaming: router + 3,
        playlists: router + 4,
        search: router + 5,
        origin: edge + 1,
      },
      secrets,
      databaseUrl: database.url,
      eventLogUrl: served.url.replace('//', `//:${token}@`),
      dataDir: folder.path,
      issuer: personas.issuer,
    }),
    { PATH: process.env.PATH, HOME: process.env.HOME, LOG_LEVEL: config.LOG_LEVEL },
    screen.line,
  );
  teardown.add(() => processes.stop());
  const urls = { url: `http://localhost:${router}`, edgeUrl: `http://localhost:${edge}` };
  const waiting = new AbortController();
  teardown.add(async () => waiting.abort());
  // Not awaited: a signal waits for the start, and a process that fails may take its time to be mended.
  void screen
    .step('processes', () => untilReady(urls.url, waiting.signal))
    .then(
      () => {
        const startedInMs = performance.now() - startedAt;
        for (const line of welcome({ ...urls, personas: issued }, config, startedInMs)) screen.line(line);
      },
      () => {},
    );
  return teardown.run;
}
