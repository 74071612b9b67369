import { PGLiteSocketServer } from '@electric-sql/pglite-socket';
import { readConfig } from '@medley/config';
import { standaloneConfig } from '../config.ts';
import { holdDataFolder } from '../data-folder.ts';
import { devProcesses } from '../dev/processes.ts';
import { runProcesses } from '../dev/run-processes.ts';
import { createPersonaDesk } from '../personas.ts';
import { openRows } from '../rows.ts';
import { createTerminalScreen } from '../screen.ts';
import { readOrCreateSecrets } from '../secrets.ts';
import { createTeardown } from '../teardown.ts';
import { welcome } from '../welcome.ts';

/**
 * npm run dev: each subgraph, the router, the edge and its origin as a process of its own over HTTP, started again when
 * their files change. This process owns the rows and offers them over the loopback.
 */
const screen = createTerminalScreen(process.stdout);
const teardown = createTeardown();
try {
  const startedAt = performance.now();
  const config = readConfig(standaloneConfig, process.env);
  const folder = await holdDataFolder(config.DATA_DIR);
  teardown.add(() => folder.release());
  const secrets = await readOrCreateSecrets(folder.path);
  const rows = await openRows(folder.path, screen);
  teardown.add(() => rows.close());
  const personas = createPersonaDesk(rows.users, secrets.jwtSigningKeys);
  await personas.seed();
  const issued = await personas.writeFile(folder.path);

  // From here on the rows are read and written over the socket only: it lets one client in at a time.
  const sockets = new PGLiteSocketServer({ db: rows.pglite, host: '127.0.0.1', port: 0, maxConnections: 64 });
  await sockets.start();
  teardown.add(() => sockets.stop());
  const { PORT: router, EDGE_PORT: edge } = config;
  const processes = runProcesses(
    devProcesses({
      ports: {
        router,
        edge,
        users: router + 1,
        catalog: router + 2,
        streaming: router + 3,
        origin: edge + 1,
      },
      secrets,
      databaseUrl: `postgresql://postgres@${sockets.getServerConn()}/postgres`,
      dataDir: folder.path,
      issuer: personas.issuer,
    }),
    { PATH: process.env.PATH, HOME: process.env.HOME, LOG_LEVEL: process.env.LOG_LEVEL ?? 'info' },
    screen.line,
  );
  teardown.add(() => processes.stop());
  const urls = { url: `http://localhost:${router}`, edgeUrl: `http://localhost:${edge}` };
  for (const line of welcome({ ...urls, personas: issued }, config, performance.now() - startedAt))
    screen.line(line);
  process.once('SIGINT', stop);
  process.once('SIGTERM', stop);
} catch (error) {
  screen.line(`Medley could not start: ${(error as Error).message}`);
  await teardown.run();
  process.exitCode = 1;
}

function stop(): void {
  teardown.run().then(
    () => process.exit(0),
    () => process.exit(1),
  );
}
