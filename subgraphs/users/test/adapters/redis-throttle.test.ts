import { createServer, type Server } from 'node:net';
import { connectRedis } from '@medley/redis';
import { afterEach, describe, expect, it } from 'vitest';
import { createRedisThrottle } from '../../src/adapters/redis-throttle.ts';
import { limits } from '../../src/domain/throttle.ts';

const small = { ...limits, signInByAccount: { attempts: 3, windowSeconds: 60 } };
const portOf = (server: Server) => (server.address() as { port: number }).port;

/** Listens on a free port; what it is told it does not answer. */
async function startMute(): Promise<Server> {
  const server = createServer((socket) => socket.on('error', () => {}));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return server;
}

/** Greets as Redis does, and answers nothing from then on. */
async function startHanging(): Promise<Server> {
  const info = 'redis_version:7.0.0\r\nloading:0\r\n';
  const server = createServer((socket) => {
    socket.on('error', () => {});
    socket.on('data', (data) => {
      for (const [, command = ''] of data.toString().matchAll(/\*\d+\r\n\$\d+\r\n(\w+)\r\n/g)) {
        if (/^info$/i.test(command)) socket.write(`$${info.length}\r\n${info}\r\n`);
        if (/^(client|hello)$/i.test(command)) socket.write('+OK\r\n');
      }
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return server;
}

describe('a throttle whose Redis is gone', () => {
  const closing: (() => void)[] = [];
  afterEach(() => {
    for (const close of closing.splice(0)) close();
  });

  async function expectCounting(port: number, { ready = false } = {}) {
    const errors: Error[] = [];
    const client = connectRedis({
      url: `redis://127.0.0.1:${port}`,
      commandTimeoutMs: 250,
      onLost: (error) => errors.push(error),
    });
    closing.push(() => client.disconnect());
    if (ready) await new Promise((resolve) => client.once('ready', resolve));
    const throttle = createRedisThrottle(client, small);
    const waits: number[] = [];
    for (let attempt = 0; attempt < 5; attempt++)
      waits.push(await throttle.take('signInByAccount', 'ada@example.com'));
    expect(waits.map((wait) => wait === 0)).toEqual([true, true, true, false, false]);
    await throttle.giveBack('signInByAccount', 'somebody@example.com');
    await throttle.clear('signInByAccount', 'ada@example.com');
    expect(await throttle.take('signInByAccount', 'ada@example.com')).toBe(0);
    return errors;
  }

  it('neither locks out nor opens the door: it counts in this process', async () => {
    const server = await startMute();
    const port = portOf(server);
    await new Promise((resolve) => server.close(resolve));
    const errors = await expectCounting(port);
    await expect.poll(() => errors.length).toBeGreaterThan(0);
  });

  it('does so too when Redis takes connections and answers nothing', async () => {
    const server = await startMute();
    closing.push(() => server.close());
    await expectCounting(portOf(server));
  });

  it('does so too when Redis hangs later, and waits a quarter of a second for it', async () => {
    const server = await startHanging();
    closing.push(() => server.close());
    await expectCounting(portOf(server), { ready: true });
  });
});
