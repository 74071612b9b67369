import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createHttpLink, type LiveSubgraphLink } from '@medley/subgraph-link';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Router } from '../src/app.ts';
import { ask, createStubs, createTestRouter, ids, type Stubs } from './stub-subgraphs.ts';

const page = `{
  artists(first: 1) { nodes { name topTracks(first: 2) { nodes { title playability { playable } } } } }
  me { email }
}`;

let stubs: Stubs;
let stopAll: (() => Promise<unknown>)[];
beforeEach(async () => {
  stubs = await createStubs();
  stopAll = [() => stubs.stop()];
});
afterEach(async () => {
  for (const stop of stopAll.reverse()) await stop();
});

/** A router whose catalog or streaming is a server that does what the test says. */
async function routeTo(
  subgraph: 'catalog' | 'streaming' | 'users',
  behave: RequestListener,
  maxBytes?: number,
): Promise<Router> {
  const server = createServer(behave);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/graphql`;
  const link = createHttpLink({ url, ...(maxBytes && { maxBytes }) });
  stopAll.push(
    () => link.close(),
    () => close(server),
  );
  return routeWith(subgraph, link);
}

async function routeWith(subgraph: string, link: LiveSubgraphLink): Promise<Router> {
  const router = await createTestRouter({ links: { ...stubs.links, [subgraph]: link } });
  stopAll.push(() => router.stop());
  return router;
}

function close(server: Server): Promise<void> {
  server.closeAllConnections();
  return new Promise((resolve) => server.close(() => resolve()));
}

const secret = 'password=hunter2 at 10.0.0.7';

const faults: [string, string, RequestListener, number?][] = [
  ['hangs', 'UPSTREAM_TIMEOUT', () => {}],
  ['closes the connection', 'UPSTREAM_UNAVAILABLE', (request) => request.socket.destroy()],
  [
    'dies in the middle of its answer',
    'UPSTREAM_UNAVAILABLE',
    (request, response) => {
      response.writeHead(200, { 'content-type': 'application/json', 'content-length': 1_000 });
      response.write('{"data":{');
      setTimeout(() => request.socket.destroy(), 20);
    },
  ],
  [
    'trickles its answer for ever',
    'UPSTREAM_TIMEOUT',
    (_request, response) => {
      response.writeHead(200, { 'content-type': 'application/json' });
      const timer = setInterval(() => response.write(' '), 20);
      response.on('close', () => clearInterval(timer));
    },
  ],
  [
    'answers with 100 MB',
    'UPSTREAM_UNAVAILABLE',
    (_request, response) => {
      response.writeHead(200, { 'content-type': 'application/json' });
      const chunk = Buffer.alloc(1_048_576, 32);
      const write = (left: number): void => {
        if (left === 0) response.end('{"data":{}}');
        else response.write(chunk, () => write(left - 1));
      };
      write(100);
    },
    2_000_000,
  ],
  [
    'answers with HTML',
    'UPSTREAM_UNAVAILABLE',
    (_request, response) => response.end(`<html>${secret}</html>`),
  ],
  ['answers with a list', 'UPSTREAM_UNAVAILABLE', (_request, response) => response.end('[]')],
  [
    'answers with neither data nor errors',
    'UPSTREAM_UNAVAILABLE',
    (_request, response) => response.end('{}'),
  ],
  [
    'answers with 500 and a secret',
    'UPSTREAM_UNAVAILABLE',
    (_request, response) => response.writeHead(500).end(secret),
  ],
  [
    'refuses a document that the router made',
    'INTERNAL',
    (_request, response) =>
      response.end(
        JSON.stringify({
          errors: [{ message: secret, extensions: { code: 'GRAPHQL_VALIDATION_FAILED' } }],
        }),
      ),
  ],
  [
    'answers with 200 and an error that nobody masked',
    'INTERNAL',
    (_request, response) =>
      response.end(
        JSON.stringify({ data: null, errors: [{ message: secret, extensions: { sql: secret } }] }),
      ),
  ],
];

describe.each(faults)('a catalog that %s', (_, code, behave, maxBytes) => {
  it(`costs its fields, not the page: ${code}`, async () => {
    const router = await routeTo('catalog', behave, maxBytes);
    const { status, data, errors, text } = await ask(router, page, { token: 'listener' });
    expect(status).toBe(200);
    expect(data).toEqual({ artists: null, me: { email: 'me@medley.example' } });
    expect(errors).toMatchObject([{ extensions: { code, requestId: 'request-1' } }]);
    if (code !== 'INTERNAL') expect(errors[0]?.path).toEqual(['artists']);
    expect(text).not.toMatch(/hunter2|127\.0\.0\.1|10\.0\.0\.7|http:|stack|sql/);
  });
});

describe('a dead streaming', () => {
  const die: RequestListener = (request) => request.socket.destroy();

  it('costs its field of each track, and says so at each', async () => {
    const router = await routeTo('streaming', die);
    const { data, errors } = await ask(router, page, { token: 'listener' });
    const title = 'One';
    expect(data.artists.nodes[0].topTracks.nodes).toEqual([
      { title, playability: null },
      { title, playability: null },
    ]);
    const at = (index: number) => ['artists', 'nodes', 0, 'topTracks', 'nodes', index, 'playability'];
    expect(errors.map(({ path }) => path)).toEqual([at(0), at(1)]);
    expect(new Set(errors.map(({ extensions }) => extensions.code))).toEqual(
      new Set(['UPSTREAM_UNAVAILABLE']),
    );
  });

  it('costs playbackUrl itself, under each alias', async () => {
    const router = await routeTo('streaming', die);
    const field = `playbackUrl(trackId: "${ids.track}", quality: LOW) { __typename }`;
    const { data, errors } = await ask(router, `{ a: ${field} b: ${field} me { email } }`);
    expect(data).toEqual({ a: null, b: null, me: null });
    expect(errors.map(({ path }) => path)).toEqual([['a'], ['b']]);
  });
});

describe('a connection that fails before an answer', () => {
  it('is tried once more for a query', async () => {
    let asked = 0;
    const router = await routeTo('catalog', (request, response) => {
      asked += 1;
      if (asked === 1) request.socket.destroy();
      else response.end('{"data":{"artists":{"nodes":[]}}}');
    });
    const { data, errors } = await ask(router, '{ artists(first: 1) { nodes { name } } }');
    expect({ data, errors, asked }).toEqual({ data: { artists: { nodes: [] } }, errors: [], asked: 2 });
  });

  it('is not tried again for a mutation, which may have run', async () => {
    let asked = 0;
    const router = await routeTo('users', (request) => {
      asked += 1;
      request.socket.destroy();
    });
    const { data, errors } = await ask(router, 'mutation { sessionSignOut { endedSessions } }');
    expect(data).toEqual({ sessionSignOut: null });
    expect(errors).toMatchObject([
      { path: ['sessionSignOut'], extensions: { code: 'UPSTREAM_UNAVAILABLE' } },
    ]);
    expect(asked).toBe(1);
  });
});

it('gives up a subgraph in process that hangs', async () => {
  const router = await routeWith('catalog', {
    ...stubs.links.catalog,
    send: ({ signal }) =>
      new Promise((_, reject) => signal.addEventListener('abort', () => reject(signal.reason))),
  });
  const { data, errors } = await ask(router, page, { token: 'listener' });
  expect(data.me).toEqual({ email: 'me@medley.example' });
  expect(errors).toMatchObject([{ path: ['artists'] }]);
});

it('asks nobody once the time of the operation is over', async () => {
  const router = await createTestRouter({ links: stubs.links, operationTimeoutMs: 0 });
  stopAll.push(() => router.stop());
  const { data, errors } = await ask(router, '{ me { email } }', { token: 'listener' });
  expect(data).toEqual({ me: null });
  expect(errors).toMatchObject([{ path: ['me'], extensions: { code: 'UPSTREAM_TIMEOUT' } }]);
  expect(stubs.bodies.users).toEqual([]);
});
