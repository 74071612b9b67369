import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createConnection } from 'node:net';
import { findFreePort } from './find-free-port.ts';

/** A Redis of one test's own, which can be made to suffer. */
export interface TestRedis {
  readonly url: string;
  /** It hangs: connections stay, nothing is answered. */
  pause(): void;
  resume(): void;
  /** It is gone at once, as by a power cut. */
  kill(): Promise<void>;
  /** After `kill`: an empty one at the same address. */
  start(): Promise<void>;
}

/** @returns null when there is no `redis-server` on this machine */
export async function startTestRedis(): Promise<TestRedis | null> {
  const port = await findFreePort();
  let server: ChildProcess | null = null;

  async function start() {
    const options = ['--port', String(port), '--bind', '127.0.0.1', '--save', '', '--appendonly', 'no'];
    const started = spawn('redis-server', options, { stdio: 'ignore' });
    await once(started, 'spawn');
    server = started;
    while (!(await answers(port))) {
      if (started.exitCode !== null) throw new Error(`redis-server ended with ${started.exitCode}`);
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  }

  async function kill() {
    if (!server) return;
    const exit = once(server, 'exit');
    server.kill('SIGKILL');
    server = null;
    await exit;
  }

  try {
    await start();
  } catch (error) {
    await kill();
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
    throw error;
  }
  return {
    url: `redis://127.0.0.1:${port}`,
    pause: () => void server?.kill('SIGSTOP'),
    resume: () => void server?.kill('SIGCONT'),
    kill,
    start,
  };
}

const answers = (port: number) =>
  new Promise<boolean>((resolve) => {
    const socket = createConnection(port, '127.0.0.1', () => socket.write('PING\r\n'));
    socket.once('data', () => {
      resolve(true);
      socket.destroy();
    });
    socket.once('error', () => resolve(false));
  });
