import { createServer, type Server } from 'node:net';
import { connectRedis } from '@medley/redis';
import { afterEach, describe, expect, it } from 'vitest';
import { createRedisRateLimiter } from '../../src/app.ts';

const portOf = (server: Server) => (server.address() as { port: number }).port;

const closing: (() => void)[] = [];
afterEach(() => {
  for (const close of closing.splice(0)) close();
});

/** Listens on a free port; with `greets` as Redis does, and answers nothing from then on. */
async function startMute({ greets }: { greets: boolean }): Promise<Server> {
  const info = 'redis_version:7.0.0\r\nloading:0\r\n';
  const server = createServer((socket) => {
    socket.on('error', () => {});
    socket.on('data', (data) => {
      if (!greets) return;
      for (const [, command = ''] of data.toString().matchAll(/\*\d+\r\n\$\d+\r\n(\w+)\r\n/g)) {
        if (/^info$/i.test(command)) socket.write(`$${info.length}\r\n${info}\r\n`);
        if (/^(client|hello)$/i.test(command)) socket.write('+OK\r\n');
      }
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  closing.push(() => server.close());
  return server;
}

describe('a rate limiter whose Redis is gone', () => {
  async function expectCounting(port: number, { ready = false } = {}) {
    const url = `redis://127.0.0.1:${port}`;
    const client = connectRedis({ url, commandTimeoutMs: 250, onLost: () => {} });
    closing.push(() => client.disconnect());
    if (ready) await new Promise((resolve) => client.once('ready', resolve));
    const limiter = createRedisRateLimiter(client, { requests: 3, windowSeconds: 60 });
    const allowed = [];
    for (let request = 0; request < 5; request++) allowed.push((await limiter.take('192.0.2.1')).allowed);
    expect(allowed).toEqual([true, true, true, false, false]);
    expect((await limiter.take('192.0.2.2')).allowed).toBe(true);
  }

  it('neither locks out nor opens the door: it counts in this process', async () => {
    const server = await startMute({ greets: false });
    const port = portOf(server);
    await new Promise((resolve) => server.close(resolve));
    await expectCounting(port);
  });

  it('does so too when Redis takes connections and answers nothing', async () => {
    await expectCounting(portOf(await startMute({ greets: false })));
  });

  it('does so too when Redis hangs later, and waits a quarter of a second for it', async () => {
    await expectCounting(portOf(await startMute({ greets: true })), { ready: true });
  });
});
