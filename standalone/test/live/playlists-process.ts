import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { findFreePort } from '@medley/testing';

const main = fileURLToPath(new URL('../../../subgraphs/playlists/src/main.ts', import.meta.url));
/** For tests only. What the routers of the test sign with is `testKeys`. */
const keys = `test:${Buffer.alloc(32, 1).toString('base64url')}`;

/** One process of the playlists subgraph, as in production: its port is the same each time that it is started. */
export interface PlaylistsProcess {
  readonly url: string;
  /** Resolves when it is ready. */
  start(): Promise<void>;
  /** `kill -9`; resolves when it is gone. */
  kill(): Promise<void>;
  /** SIGTERM; resolves to the code that it exits with. */
  stop(): Promise<number | null>;
}

export async function createPlaylistsProcess(stores: {
  databaseUrl: string;
  eventLogUrl: string;
}): Promise<PlaylistsProcess> {
  const port = await findFreePort();
  const nobody = `http://127.0.0.1:${await findFreePort()}/graphql`;
  const origin = `http://127.0.0.1:${port}`;
  let child: ChildProcess | undefined;

  async function end(signal: NodeJS.Signals): Promise<number | null> {
    const ending = child;
    child = undefined;
    if (!ending || ending.exitCode !== null) return ending?.exitCode ?? null;
    const ended = once(ending, 'exit');
    ending.kill(signal);
    const [code] = (await ended) as [number | null];
    return code;
  }

  return {
    url: `${origin}/graphql`,
    async start() {
      child = spawn(process.execPath, ['--import', 'tsx', main], {
        env: {
          PATH: process.env.PATH,
          PORT: String(port),
          LOG_LEVEL: 'error',
          DATABASE_URL_PLAYLISTS: stores.databaseUrl,
          EVENT_LOG_URL: stores.eventLogUrl,
          IDENTITY_KEYS_PLAYLISTS: keys,
          SERVICE_KEYS_PLAYLISTS: keys.replace('test:', 'services:'),
          SERVICE_KEYS_CATALOG: keys,
          SERVICE_KEYS_USERS: keys,
          SERVICE_KEYS_RECOMMENDATIONS: keys,
          // Nobody is there: what these tests edit needs none of them.
          SUBGRAPH_URL_CATALOG: nobody,
          SUBGRAPH_URL_USERS: nobody,
          SUBGRAPH_URL_RECOMMENDATIONS: nobody,
          CURSOR_KEYS: keys,
        },
        stdio: ['ignore', 'inherit', 'inherit'],
      });
      const isReady = () =>
        fetch(`${origin}/readyz`).then(
          ({ ok }) => ok,
          () => false,
        );
      while (!(await isReady())) {
        if (child.exitCode !== null) throw new Error(`playlists exited with ${child.exitCode}`);
        await new Promise((resolve) => setTimeout(resolve, 50));
      }
    },
    async kill() {
      await end('SIGKILL');
    },
    stop: () => end('SIGTERM'),
  };
}
