import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { untilReady } from '../../src/dev/until-ready.ts';

const closing: (() => unknown)[] = [];
afterEach(() => {
  for (const close of closing.splice(0)) close();
});

/** A service that says no so often before it says yes. */
async function serve(noes: number) {
  const asked: (string | undefined)[] = [];
  const server = createServer((request, response) => {
    asked.push(request.url);
    response.writeHead(asked.length > noes ? 200 : 503).end();
  });
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  closing.push(() => server.close());
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, asked, server };
}

describe('waiting for a service', () => {
  it('ends when the service says that it is ready, not when it listens', async () => {
    const { url, asked } = await serve(2);
    await untilReady(url, new AbortController().signal);
    expect(asked).toEqual(['/readyz', '/readyz', '/readyz']);
  });

  it('goes on where nobody listens, until it is called off', async () => {
    const { url, server } = await serve(0);
    await new Promise((closed) => server.close(closed));
    await expect(untilReady(url, AbortSignal.timeout(500))).rejects.toThrow();
  });
});
