import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createConnection } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export const executable = process.env.NGINX_PATH ?? '/usr/sbin/nginx';

export interface NginxRun {
  /** The main file among the rendered ones. */
  readonly config: string;
  readonly port: number;
  readonly workers: number;
  /** Files by their names, for an nginx in that folder; called again at each start and reload. */
  readonly render: (folder: string) => Promise<ReadonlyMap<string, string>>;
}

/** Starts an nginx by rendered files, with its cache, log and sockets in a temporary folder. */
export async function runNginx({ config, port, workers, render }: NginxRun) {
  const folder = await mkdtemp(join(tmpdir(), 'nginx-'));
  for (const name of ['cache', 'conf', 'log', 'run']) await mkdir(join(folder, name));
  let master: ChildProcess | null = null;
  let said = '';

  async function write(): Promise<void> {
    for (const [name, text] of await render(folder)) await writeFile(join(folder, 'conf', name), text);
  }

  async function start() {
    await write();
    // What was killed could not remove it, and it cannot be listened on again.
    await rm(join(folder, 'run', 'slices.sock'), { force: true });
    const root = process.getuid?.() === 0 ? 'user root; ' : '';
    const options = [
      '-p',
      folder,
      '-e',
      'stderr',
      '-c',
      join(folder, 'conf', config),
      '-g',
      `${root}daemon off;`,
    ];
    // A group of its own, so that workers can be killed with it.
    const started = spawn(executable, options, { stdio: ['ignore', 'ignore', 'pipe'], detached: true });
    started.stderr.on('data', (data) => {
      said = (said + data).slice(-100_000);
    });
    await once(started, 'spawn');
    master = started;
    while (!(await listens(port))) {
      if (started.exitCode !== null) throw new Error(`nginx ended with ${started.exitCode}: ${said}`);
      await pause();
    }
  }

  const signalGroup = (signal: NodeJS.Signals) => {
    if (master?.pid && master.exitCode === null && master.signalCode === null)
      process.kill(-master.pid, signal);
  };

  async function kill() {
    if (!master) return;
    const exit = once(master, 'exit');
    signalGroup('SIGKILL');
    if (master.exitCode === null && master.signalCode === null) await exit;
    master = null;
  }

  async function stop() {
    // At once, and its master sees its workers end.
    const ending = master && once(master, 'exit', { signal: AbortSignal.timeout(5_000) }).catch(() => {});
    if (master?.kill('SIGTERM')) await ending;
    await kill();
    await rm(folder, { recursive: true, force: true });
  }

  // A test run that is cut short leaves none behind.
  process.once('exit', () => signalGroup('SIGKILL'));

  try {
    await start();
  } catch (error) {
    await stop();
    throw error;
  }
  return {
    url: `http://127.0.0.1:${port}`,
    accessLog: join(folder, 'log', 'access.log'),
    errors: () => said,
    async reload() {
      await write();
      const before = said.length;
      master?.kill('SIGHUP');
      // From then on the old workers take no more connections.
      const left = () => said.slice(before).split('gracefully shutting down').length - 1;
      const deadline = Date.now() + 10_000;
      while (left() < workers) {
        if (/\[emerg\]/.test(said.slice(before)) || Date.now() > deadline)
          throw new Error(`nginx did not reload: ${said.slice(before)}`);
        await pause();
      }
    },
    reopenLog: () => void master?.kill('SIGUSR1'),
    kill,
    start,
    stop,
  };
}

const pause = () => new Promise((resolve) => setTimeout(resolve, 20));

const listens = (port: number) =>
  new Promise<boolean>((resolve) => {
    const socket = createConnection(port, '127.0.0.1', () => {
      resolve(true);
      socket.destroy();
    });
    socket.once('error', () => resolve(false));
  });
