import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { createHttpLink, createInProcessLink, type SubgraphLink } from '../src/index.ts';

interface Asked {
  readonly body: string;
  readonly identity: string | undefined;
}
type Behaviour = (asked: Asked) => Promise<{ status: number; body: string; cacheControl?: string }>;

const stopAll: (() => Promise<unknown> | unknown)[] = [];
afterEach(async () => {
  for (const stop of stopAll.splice(0).reverse()) await stop();
});

async function overHttp(behave: Behaviour): Promise<SubgraphLink> {
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk);
    const identity = request.headers['x-medley-identity'] as string | undefined;
    try {
      const answer = await behave({ body: Buffer.concat(chunks).toString(), identity });
      if (answer.cacheControl) response.setHeader('cache-control', answer.cacheControl);
      response.writeHead(answer.status).end(answer.body);
    } catch {
      request.socket.destroy();
    }
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  stopAll.push(() => {
    server.closeAllConnections();
    server.close();
  });
  return createHttpLink({ url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/graphql` });
}

const adapters: [string, (behave: Behaviour) => Promise<SubgraphLink> | SubgraphLink][] = [
  ['over HTTP', overHttp],
  ['in process', (behave) => createInProcessLink('catalog', { execute: behave })],
];

describe.each(adapters)('a link %s', (_, create) => {
  async function send(behave: Behaviour, signal = AbortSignal.timeout(5_000)) {
    const link = await create(behave);
    stopAll.push(() => link.close());
    return link.send({
      body: '{"query":"{ä}"}',
      identity: 'v1.kid.claims.mac',
      requestId: 'request-1',
      signal,
    });
  }

  it('brings body and identity there, and the answer back', async () => {
    const asked: Asked[] = [];
    const response = await send(async (request) => {
      asked.push(request);
      return { status: 200, body: '{"data":{"ä":1}}', cacheControl: 'max-age=60, public' };
    });
    expect(asked).toMatchObject([{ body: '{"query":"{ä}"}', identity: 'v1.kid.claims.mac' }]);
    expect(response).toEqual({ body: '{"data":{"ä":1}}', cacheControl: 'max-age=60, public' });
  });

  it('fails when the subgraph refuses', async () => {
    const answer = send(async () => ({ status: 401, body: 'no' }));
    await expect(answer).rejects.toMatchObject({ name: 'LinkError', code: 'UPSTREAM_UNAVAILABLE' });
  });

  it('fails when the subgraph breaks', async () => {
    const answer = send(() => Promise.reject(new Error('broken')));
    await expect(answer).rejects.toMatchObject({ name: 'LinkError', code: 'UPSTREAM_UNAVAILABLE' });
  });

  it('brings an answer of 10 MB, and gives a longer one up', async () => {
    const answerOf = (bytes: number) => send(async () => ({ status: 200, body: 'ä'.repeat(bytes / 2) }));
    expect((await answerOf(10_485_760)).body).toHaveLength(5_242_880);
    await expect(answerOf(10_485_762)).rejects.toMatchObject({
      name: 'LinkError',
      code: 'UPSTREAM_UNAVAILABLE',
      message: expect.stringContaining('more than 10485760 bytes'),
    });
  });

  it('stops waiting when it is told to', async () => {
    const answer = send(() => new Promise(() => {}), AbortSignal.timeout(50));
    await expect(answer).rejects.toMatchObject({ name: 'LinkError', code: 'UPSTREAM_TIMEOUT' });
  });

  it('does not ask at all when it is too late', async () => {
    let asked = 0;
    const answer = send(async () => {
      asked += 1;
      return { status: 200, body: '{}' };
    }, AbortSignal.abort());
    await expect(answer).rejects.toMatchObject({ name: 'LinkError', code: 'UPSTREAM_TIMEOUT' });
    expect(asked).toBe(0);
  });
});

describe('a link over HTTP', () => {
  it('says whether the connection failed before an answer', async () => {
    const link = createHttpLink({ url: 'http://127.0.0.1:1/graphql' });
    stopAll.push(() => link.close());
    const request = {
      body: '{}',
      identity: 'v1',
      requestId: 'request-1',
      signal: AbortSignal.timeout(5_000),
    };
    await expect(link.send(request)).rejects.toMatchObject({ disconnected: true });
    const refusing = await overHttp(async () => ({ status: 500, body: '' }));
    stopAll.push(() => refusing.close());
    await expect(refusing.send(request)).rejects.toMatchObject({ disconnected: false });
  });
});
