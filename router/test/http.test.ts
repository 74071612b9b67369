import type { HttpService } from '@medley/service';
import { createLogger } from '@medley/service';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createStubs, createTestRouter, ids, type Stubs } from './stub-subgraphs.ts';

let stubs: Stubs;
let service: HttpService;
let url: string;
const log: string[] = [];
beforeAll(async () => {
  stubs = await createStubs();
  const logger = createLogger('router', 'info', { write: (line) => log.push(line) });
  const router = await createTestRouter({ links: stubs.links, logger });
  service = await router.start({
    host: '127.0.0.1',
    port: 0,
    corsOrigins: ['https://player.example'],
    readJwks: async () => ({ keys: [{ kty: 'EC', kid: 'one' }] }),
  });
  url = `${service.url}/graphql`;
});
afterAll(async () => {
  await service.stop();
  await stubs.stop();
});
beforeEach(() => {
  log.length = 0;
});

const post = (body: string, headers: Record<string, string> = {}, to = url) =>
  fetch(to, { method: 'POST', body, headers: { 'content-type': 'application/json', ...headers } });
const me = JSON.stringify({ query: 'query Who { me { email } }' });

describe('POST /graphql', () => {
  it('answers JSON', async () => {
    const response = await post(me, { authorization: 'Bearer listener' });
    expect(response.status).toBe(200);
    expect(response.headers.get('content-type')).toBe('application/json; charset=utf-8');
    expect(await response.text()).toBe('{"data":{"me":{"email":"me@medley.example"}}}');
  });

  it('answers application/graphql-response+json to who asks for it', async () => {
    const response = await post(me, { accept: 'application/graphql-response+json, application/json;q=0.9' });
    expect(response.headers.get('content-type')).toBe('application/graphql-response+json; charset=utf-8');
  });

  it.each([
    [
      'a larger body than 256 KB',
      413,
      () => post(JSON.stringify({ query: `{ me { email } } #${'x'.repeat(262_144)}` })),
    ],
    ['a form', 415, () => post('query={me{email}}', { 'content-type': 'application/x-www-form-urlencoded' })],
    ['plain text, which any page may send', 415, () => post(me, { 'content-type': 'text/plain' })],
    ['no body', 400, () => post('')],
    ['half a body', 400, () => post('{"query":')],
    ['a batch', 400, () => post(`[${me}]`)],
    ['a polluted body', 400, () => post('{"query":"{me{email}}","__proto__":{"x":1}}')],
    ['GET', 405, () => fetch(`${url}?query={me{email}}`)],
    ['a bad token', 401, () => post(me, { authorization: 'Bearer forged' })],
  ])('answers %s with %i, as GraphQL', async (_, status, send) => {
    const response = await send();
    const { errors } = (await response.json()) as { errors: { extensions: Record<string, string> }[] };
    expect(response.status).toBe(status);
    expect(errors).toHaveLength(1);
    expect(errors[0]?.extensions).toEqual({
      code: status === 401 ? 'UNAUTHENTICATED' : 'BAD_USER_INPUT',
      requestId: response.headers.get('x-request-id'),
    });
  });
});

describe('headers of clients', () => {
  it('does not believe an identity, an address or a request id of a stranger', async () => {
    stubs.requests.users.length = 0;
    const response = await post(me, {
      'x-medley-identity': 'v1.test.eyJhY3RvciI6eyJraW5kIjoic2VydmljZSJ9fQ.AAAA',
      'x-forwarded-for': '91.64.0.1',
      'x-request-id': 'chosen-by-me',
      'x-user-id': ids.user,
    });
    expect(await response.json()).toEqual({ data: { me: null } });
    expect(response.headers.get('x-request-id')).toMatch(/^[0-9a-f-]{36}$/);
    expect(stubs.requests.users).toMatchObject([
      {
        actor: { kind: 'anonymous' },
        market: null,
        clientAddress: '127.0.0.1',
        requestId: response.headers.get('x-request-id'),
      },
    ]);
  });

  it('believes addresses and well-formed request ids of trusted proxies', async () => {
    const router = await createTestRouter({ links: stubs.links });
    const behind = await router.start({ host: '127.0.0.1', port: 0, trustedProxies: ['127.0.0.0/8'] });
    const ask = async (headers: Record<string, string>) => {
      stubs.requests.users.length = 0;
      const response = await post(me, headers, `${behind.url}/graphql`);
      return [response.headers.get('x-request-id'), stubs.requests.users[0]?.clientAddress];
    };
    const forwarded = { 'x-forwarded-for': '203.0.113.9, 91.64.0.1' };
    expect(await ask({ ...forwarded, 'x-request-id': 'from-the-proxy' })).toEqual([
      'from-the-proxy',
      '91.64.0.1',
    ]);
    const [odd] = await ask({ ...forwarded, 'x-request-id': 'with spaces and <tags>' });
    expect(odd).toMatch(/^[0-9a-f-]{36}$/);
    expect((await ask({ 'x-forwarded-for': '203.0.113.9, 91.64.0.1:52814' }))[1]).toBe('91.64.0.1');
    expect((await ask({ 'x-forwarded-for': '[2a02:8100::1]:443' }))[1]).toBe('2a02:8100::1');
    expect((await ask({ 'x-forwarded-for': '::ffff:5b40:1' }))[1]).toBe('91.64.0.1');
    expect((await ask({ 'x-forwarded-for': 'not-an-address' }))[1]).toBeNull();
    await behind.stop();
  });
});

describe('CORS', () => {
  const preflight = (origin: string) =>
    fetch(url, {
      method: 'OPTIONS',
      headers: {
        origin,
        'access-control-request-method': 'POST',
        'access-control-request-headers': 'content-type',
      },
    });

  it('lets the pages of the list in', async () => {
    const response = await preflight('https://player.example');
    expect(response.status).toBe(204);
    expect(response.headers.get('access-control-allow-origin')).toBe('https://player.example');
  });

  it('lets no others in', async () => {
    const response = await preflight('https://evil.example');
    expect(response.headers.get('access-control-allow-origin')).toBeNull();
  });
});

it('leaves one line for each operation in the log, without tokens and variables', async () => {
  const query = 'query Artists($after: String) { artists(first: 1, after: $after) { nodes { name } } }';
  await post(JSON.stringify({ query, variables: { after: 'secret-variable' } }), {
    authorization: 'Bearer listener',
  });
  await post(JSON.stringify({ query: '{ nothing }' }), { authorization: 'Bearer secret-token' });
  const lines = log.map((line) => JSON.parse(line)).filter(({ msg }) => msg === 'operation');
  expect(lines).toMatchObject([
    {
      operation: 'Artists',
      status: 200,
      codes: [],
      actor: 'viewer',
      requestId: expect.any(String),
      durationMs: expect.any(Number),
    },
    { operation: null, status: 401, codes: ['UNAUTHENTICATED'], actor: null },
  ]);
  expect(log.join('')).not.toMatch(/secret-|Bearer/);
});

it('shows the keys of access tokens, health, readiness and metrics', async () => {
  const jwks = await fetch(`${service.url}/.well-known/jwks.json`);
  expect(await jwks.json()).toEqual({ keys: [{ kty: 'EC', kid: 'one' }] });
  expect((await fetch(`${service.url}/healthz`)).status).toBe(200);
  expect((await fetch(`${service.url}/readyz`)).status).toBe(200);
  const metrics = await (await fetch(`${service.url}/metrics`)).text();
  expect(metrics).toContain('medley_router_operation_seconds_bucket');
  expect(metrics).toContain('medley_router_fetch_seconds_bucket');
});

it('finishes what is under way when it stops', async () => {
  let answer: (() => void) | undefined;
  const slow = {
    ...stubs.links.users,
    send: async (sent: Parameters<typeof stubs.links.users.send>[0]) => {
      await new Promise<void>((resolve) => {
        answer = resolve;
      });
      return stubs.links.users.send(sent);
    },
  };
  const router = await createTestRouter({ links: { ...stubs.links, users: slow }, upstreamTimeoutMs: 5_000 });
  const stopping = await router.start({ host: '127.0.0.1', port: 0, drainMs: 1_000 });
  const pending = post(me, { authorization: 'Bearer listener' }, `${stopping.url}/graphql`);
  await expect.poll(() => answer !== undefined).toBe(true);
  const stopped = stopping.stop();
  expect((await fetch(`${stopping.url}/readyz`)).status).toBe(503);
  answer?.();
  expect(await (await pending).json()).toEqual({ data: { me: { email: 'me@medley.example' } } });
  await stopped;
});
