import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { prefetchSlice, sliceBytes } from '../src/prefetch-slice.ts';

describe('fetching a slice ahead', () => {
  const asked: (string | undefined)[] = [];
  const server = createServer((request, response) => {
    asked.push(request.headers.range);
    if (request.url !== '/audio') response.writeHead(403).end();
    else response.writeHead(206, { 'x-cache': 'MISS' }).end(Buffer.alloc(sliceBytes));
  });
  beforeAll(() => new Promise<void>((resolve) => server.listen(0, '127.0.0.1', () => resolve())));
  afterAll(() => server.close());
  const origin = () => `http://127.0.0.1:${(server.address() as AddressInfo).port}`;

  it('takes 512 KB, and tells whether the edge had them', async () => {
    expect(await prefetchSlice(`${origin()}/audio`)).toMatchObject({
      status: 206,
      bytes: 524_288,
      edge: 'MISS',
    });
    await prefetchSlice(`${origin()}/audio`, { slice: 2 });
    expect(asked).toEqual(['bytes=0-524287', 'bytes=1048576-1572863']);
  });

  it('costs nothing when it fails', async () => {
    expect(await prefetchSlice(`${origin()}/other`)).toBeUndefined();
    expect(await prefetchSlice(`${origin()}/audio`, { signal: AbortSignal.abort() })).toBeUndefined();
    expect(await prefetchSlice('http://127.0.0.1:1/')).toBeUndefined();
  });
});
