import { createConnection } from 'node:net';
import { findFreePort } from './find-free-port.ts';
import { createServerProcess, type ServerProcess } from './server-process.ts';

/** A Redis of one test's own, which can be made to suffer. It keeps nothing: started again it is empty. */
export interface TestRedis extends ServerProcess {
  readonly url: string;
}

/** @returns null when there is no `redis-server` on this machine */
export async function startTestRedis(): Promise<TestRedis | null> {
  const port = await findFreePort();
  const options = ['--port', String(port), '--bind', '127.0.0.1', '--save', '', '--appendonly', 'no'];
  const server = createServerProcess({
    name: 'redis-server',
    command: ['redis-server', ...options],
    isUp: () => answers(port),
  });
  try {
    await server.start();
  } catch (error) {
    await server.kill();
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
    throw error;
  }
  return { ...server, url: `redis://127.0.0.1:${port}` };
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
