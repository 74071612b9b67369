import { once } from 'node:events';
import { createServer, type RequestListener } from 'node:http';
import { type AddressInfo, connect } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { watchConnections } from '../src/connection-watch.ts';

async function start(listener: RequestListener) {
  const server = createServer(listener).listen(0, '127.0.0.1');
  const watch = watchConnections(server);
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return {
    async open(request: string) {
      const socket = connect(port, '127.0.0.1');
      const received: string[] = [];
      socket.on('data', (data) => received.push(String(data))).on('error', () => {});
      await once(socket, 'connect');
      if (request) socket.write(request);
      // Long enough for the server to have seen it.
      await sleep(50);
      return { socket, received };
    },
    /** Milliseconds until the server was closed. */
    async stop(lingerMs: number) {
      const startedAt = performance.now();
      const callOff = watch.finish(lingerMs);
      await new Promise((resolve) => server.close(resolve));
      callOff();
      return performance.now() - startedAt;
    },
  };
}

describe('closing connections', () => {
  it('does not wait for one on which nothing was ever asked', async () => {
    const server = await start((_request, response) => response.end('x'));
    await server.open('');
    await server.open('GET / HTTP/1.1\r\nHost: x\r\n\r\n');
    expect(await server.stop(5_000)).toBeLessThan(1_000);
  });

  it('lets an answer under way finish', async () => {
    const server = await start((_request, response) => void setTimeout(() => response.end('whole'), 300));
    const { socket, received } = await server.open('GET / HTTP/1.1\r\nHost: x\r\n\r\n');
    const closed = once(socket, 'close');
    await server.stop(5_000);
    await closed;
    expect(received.join('')).toContain('whole');
  });

  it('cuts off what takes longer than it may', async () => {
    const server = await start(() => {});
    await server.open('GET / HTTP/1.1\r\nHost: x\r\n\r\n');
    expect(await server.stop(200)).toBeLessThan(1_500);
  });
});
