import { createMetrics, type HttpService } from '@medley/service';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createMemoryRateLimiter } from '../src/app.ts';
import { createStubs, createTestRouter, ids, type Stubs, testPublicGraph } from './stub-subgraphs.ts';

let stubs: Stubs;
beforeAll(async () => {
  stubs = await createStubs();
});
afterAll(() => stubs.stop());

const services: HttpService[] = [];
afterAll(async () => {
  for (const service of services) await service.stop();
});

/** A router that listens; its public graph takes so many requests a minute of each address. */
async function start(requests: number, options: { trustedProxies?: string[] } = {}) {
  const rateLimiter = createMemoryRateLimiter({ requests, windowSeconds: 60 });
  const metrics = createMetrics();
  const router = await createTestRouter({
    links: stubs.links,
    metrics,
    publicGraph: testPublicGraph({ rateLimiter }),
  });
  const service = await router.start({ host: '127.0.0.1', port: 0, ...options });
  services.push(service);
  return {
    metrics,
    whole: `${service.url}/graphql`,
    url: `${service.url}/public/graphql`,
  };
}

const track = JSON.stringify({ query: `{ track(id: "${ids.track}") { title } }` });
const post = (url: string, body = track, headers: Record<string, string> = {}) =>
  fetch(url, { method: 'POST', body, headers: { 'content-type': 'application/json', ...headers } });

interface Refusal {
  errors: { message: string; extensions: Record<string, unknown> }[];
}

describe('POST /public/graphql', () => {
  let url: string;
  beforeAll(async () => {
    ({ url } = await start(1_000));
  });

  it('answers JSON without a credential', async () => {
    const response = await post(url);
    expect(response.status).toBe(200);
    expect(await response.json()).toEqual({ data: { track: { title: 'One' } } });
  });

  it.each([
    [
      'a larger body than 64 KB',
      413,
      () => post(url, JSON.stringify({ query: `{ __typename } #${'x'.repeat(65_536)}` })),
    ],
    [
      'a form',
      415,
      () => post(url, 'query={__typename}', { 'content-type': 'application/x-www-form-urlencoded' }),
    ],
    ['plain text', 415, () => post(url, track, { 'content-type': 'text/plain' })],
    ['a batch', 400, () => post(url, `[${track},${track}]`)],
    ['half a body', 400, () => post(url, '{"query":')],
    ['GET', 405, () => fetch(`${url}?query={__typename}`)],
    ['a token, good or not', 401, () => post(url, track, { authorization: 'Bearer listener' })],
  ])('answers %s with %i, as GraphQL', async (_, status, send) => {
    const response = await send();
    expect(response.status).toBe(status);
    const { errors } = (await response.json()) as Refusal;
    expect(errors).toMatchObject([
      { extensions: { code: status === 401 ? 'UNAUTHENTICATED' : 'BAD_USER_INPUT' } },
    ]);
  });

  it('believes no header about who asks', async () => {
    stubs.requests.playlists.length = 0;
    await post(url, JSON.stringify({ query: `{ playlist(id: "${ids.playlist}") { name } }` }), {
      'x-medley-identity': 'v1.test.eyJhY3RvciI6eyJraW5kIjoic2VydmljZSJ9fQ.AAAA',
      'x-user-id': ids.user,
      cookie: 'session=x',
    });
    expect(stubs.requests.playlists).toMatchObject([{ actor: { kind: 'anonymous' } }]);
  });
});

describe('pages of other origins', () => {
  let url: string;
  let whole: string;
  let metrics: ReturnType<typeof createMetrics>;
  beforeAll(async () => {
    ({ url, whole, metrics } = await start(2));
  });
  const preflight = (to: string, headers = 'content-type') =>
    fetch(to, {
      method: 'OPTIONS',
      headers: {
        origin: 'https://anybody.example',
        'access-control-request-method': 'POST',
        'access-control-request-headers': headers,
      },
    });

  it('may all ask the public graph, without credentials, and asking first costs nothing', async () => {
    for (let i = 0; i < 5; i++) {
      const response = await preflight(url);
      expect(response.status).toBe(204);
      expect(response.headers.get('access-control-allow-origin')).toBe('*');
      expect(response.headers.get('access-control-allow-headers')).toBe('content-type');
      expect(response.headers.get('access-control-allow-credentials')).toBeNull();
    }
    const response = await post(url, track, { origin: 'https://anybody.example' });
    expect(response.status).toBe(200);
    expect(response.headers.get('access-control-allow-origin')).toBe('*');
    const exposed = response.headers.get('access-control-expose-headers');
    for (const name of ['ratelimit', 'ratelimit-policy', 'retry-after', 'x-request-id'])
      expect(exposed).toContain(name);
  });

  it('can read that they have asked too often', async () => {
    await post(url);
    const response = await post(url, track, { origin: 'https://anybody.example' });
    expect(response.status).toBe(429);
    expect(response.headers.get('access-control-allow-origin')).toBe('*');
    expect(await metrics.registry.metrics()).toContain(
      'medley_router_limited_requests_total{outcome="refused"} 1',
    );
  });

  it('may not ask the whole graph', async () => {
    expect((await preflight(whole)).headers.get('access-control-allow-origin')).toBeNull();
  });
});

describe('an address that asks too often', () => {
  it('is told so with 429, how many requests it has, and when to come back', async () => {
    const { url } = await start(2);
    const first = await post(url);
    expect(first.headers.get('ratelimit-policy')).toBe('"address";q=2;w=60');
    expect(first.headers.get('ratelimit')).toMatch(/^"address";r=1;t=60$/);
    expect(first.headers.get('retry-after')).toBeNull();
    expect((await post(url)).headers.get('ratelimit')).toMatch(/^"address";r=0;t=(59|60)$/);

    const refused = await post(url);
    expect(refused.status).toBe(429);
    expect(refused.headers.get('ratelimit')).toMatch(/^"address";r=0;t=\d+$/);
    const seconds = Number(refused.headers.get('retry-after'));
    expect(seconds).toBeGreaterThan(50);
    expect(seconds).toBeLessThanOrEqual(60);
    const { errors } = (await refused.json()) as Refusal;
    expect(errors).toMatchObject([
      {
        message: expect.stringContaining('more than 2 requests in 60 seconds'),
        extensions: { code: 'RATE_LIMITED', requestId: refused.headers.get('x-request-id') },
      },
    ]);
  });

  it('is counted for whatever it sends, and refused before its body is read', async () => {
    const { url } = await start(4);
    const statuses = [
      (await post(url, '{"query":')).status,
      (await post(url, track, { authorization: 'Bearer forged' })).status,
      (await fetch(url)).status,
      (await post(url, track, { 'content-type': 'text/plain' })).status,
      (await post(url, 'x'.repeat(100_000))).status,
    ];
    expect(statuses).toEqual([400, 401, 405, 415, 429]);
  });

  it('still has the whole graph, which is not limited by it', async () => {
    const { url, whole } = await start(1);
    for (let i = 0; i < 3; i++) await post(url);
    expect((await post(url)).status).toBe(429);
    const response = await post(whole);
    expect(response.status).toBe(200);
    expect(response.headers.get('ratelimit')).toBeNull();
  });

  it('does not become another by a header', async () => {
    const { url } = await start(3);
    const headers = [
      'x-forwarded-for',
      'x-real-ip',
      'forwarded',
      'true-client-ip',
      'cf-connecting-ip',
      'via',
    ];
    const statuses = [];
    for (const [i, name] of headers.entries())
      statuses.push((await post(url, track, { [name]: `192.0.2.${i}` })).status);
    expect(statuses).toEqual([200, 200, 200, 429, 429, 429]);
  });

  it('is the one that a trusted proxy saw, and not what stands in front of it', async () => {
    const { url } = await start(2, { trustedProxies: ['127.0.0.0/8'] });
    const ask = async (forwarded: string) =>
      (await post(url, track, { 'x-forwarded-for': forwarded })).status;
    // What is left of the last address was written by the client itself.
    expect(await ask('10.1.1.1, 192.0.2.1')).toBe(200);
    expect(await ask('10.1.1.2, 192.0.2.1')).toBe(200);
    expect(await ask('10.1.1.3, 192.0.2.1')).toBe(429);
    expect(await ask('192.0.2.2')).toBe(200);
    expect(await ask('2001:db8:1:2::1')).toBe(200);
    expect(await ask('2001:db8:1:2:ffff::2')).toBe(200);
    expect(await ask('2001:db8:1:2::3')).toBe(429);
    expect(await ask('2001:db8:1:3::1')).toBe(200);
    expect([await ask('nonsense-1'), await ask('nonsense-2'), await ask('nonsense-3')]).toEqual([
      200, 200, 429,
    ]);
  });
});

it('is not served unless it is asked for', async () => {
  const router = await createTestRouter({ links: stubs.links });
  const service = await router.start({ host: '127.0.0.1', port: 0 });
  services.push(service);
  expect((await post(`${service.url}/public/graphql`)).status).toBe(404);
});
