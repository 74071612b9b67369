import { afterEach, describe, expect, it } from 'vitest';
import {
  createLogger,
  createMetrics,
  type HttpService,
  type HttpServiceOptions,
  startHttpService,
} from '../src/index.ts';

let service: HttpService | undefined;
afterEach(() => service?.stop());

async function start(options: Partial<HttpServiceOptions> = {}): Promise<string> {
  service = await startHttpService({
    host: '127.0.0.1',
    port: 0,
    logger: createLogger('test', 'silent'),
    metrics: createMetrics(),
    routes(app) {
      app.post('/echo', async ({ body }) => body);
    },
    ...options,
  });
  return service.url;
}
const post = (url: string, body: unknown) =>
  fetch(url, { method: 'POST', body: JSON.stringify(body), headers: { 'content-type': 'application/json' } });

describe('an HTTP service', () => {
  it('says that it lives, whatever it is ready for', async () => {
    const url = await start({ findUnready: () => ['the database'] });
    const response = await fetch(`${url}/healthz`);
    expect([response.status, await response.json()]).toEqual([200, { status: 'ok' }]);
  });

  it('says what it is not ready for, and when it is', async () => {
    const unready = ['the database'];
    const url = await start({ findUnready: async () => unready });
    const before = await fetch(`${url}/readyz`);
    expect([before.status, await before.json()]).toEqual([503, { ready: false, unready: ['the database'] }]);
    unready.pop();
    const after = await fetch(`${url}/readyz`);
    expect([after.status, await after.json()]).toEqual([200, { ready: true, unready: [] }]);
  });

  it('is ready when it can do without what is missing, and says what that is', async () => {
    const degraded = ['the event log does not answer'];
    const url = await start({ findDegraded: async () => degraded });
    const without = await fetch(`${url}/readyz`);
    expect([without.status, await without.json()]).toEqual([200, { ready: true, unready: [], degraded }]);
    degraded.pop();
    expect(await (await fetch(`${url}/readyz`)).json()).toEqual({ ready: true, unready: [] });
  });

  it('is not ready when it lacks what it needs, and still says what it could do without', async () => {
    const url = await start({ findUnready: () => ['the database'], findDegraded: () => ['the event log'] });
    const response = await fetch(`${url}/readyz`);
    const expected = { ready: false, unready: ['the database'], degraded: ['the event log'] };
    expect([response.status, await response.json()]).toEqual([503, expected]);
  });

  it('is not ready while it drains, though it still answers', async () => {
    const url = await start({ drainMs: 500 });
    const stopped = service?.stop();
    const ready = await fetch(`${url}/readyz`);
    expect([ready.status, await ready.json()]).toEqual([503, { ready: false, unready: ['stopping'] }]);
    expect((await fetch(`${url}/healthz`)).status).toBe(200);
    expect(await (await post(`${url}/echo`, { a: 1 })).json()).toEqual({ a: 1 });
    await stopped;
    await expect(fetch(`${url}/healthz`)).rejects.toThrow();
  });

  it('ends what would go on for ever behind the drain, and then closes at once', async () => {
    const order: string[] = [];
    let end = () => {};
    const url = await start({
      drainMs: 50,
      routes(app) {
        app.get('/for-ever', (_request, reply) => {
          reply.hijack();
          reply.raw.writeHead(200).write('begun');
          end = () => reply.raw.end(' ended');
        });
      },
      async drain() {
        order.push((await fetch(`${url}/readyz`)).status === 503 ? 'drained' : 'too early');
        end();
      },
    });
    const response = await fetch(`${url}/for-ever`);
    const startedAt = performance.now();
    await service?.stop();
    expect(order).toEqual(['drained']);
    expect(await response.text()).toBe('begun ended');
    expect(performance.now() - startedAt).toBeLessThan(10_000);
  });

  it('stops once, however often it is told to', async () => {
    await start();
    expect(service?.stop()).toBe(service?.stop());
  });

  it('answers a body beyond its limit with 413, and one at the limit', async () => {
    const url = await start({ bodyLimitBytes: 100 });
    expect((await post(`${url}/echo`, 'x'.repeat(98))).status).toBe(200);
    expect((await post(`${url}/echo`, 'x'.repeat(99))).status).toBe(413);
  });

  it.each([
    ['an unknown path', '/audio/secret-token.mp3?sig=secret-token', 404, { message: 'not found' }],
    ['a path that cannot be read', '/secret-token/%E0%A4%A', 400, { message: 'bad request' }],
  ])('answers %s without repeating it', async (_, path, status, body) => {
    const lines: string[] = [];
    const logger = createLogger('test', 'trace', { write: (line: string) => lines.push(line) });
    const response = await fetch(`${await start({ logger })}${path}`);
    expect([response.status, await response.json()]).toEqual([status, body]);
    expect(lines.join('')).not.toContain('secret-token');
  });

  it('shows its metrics', async () => {
    const metrics = createMetrics();
    metrics.counter('medley_things_total', 'Things').inc(3);
    const response = await fetch(`${await start({ metrics })}/metrics`);
    expect(response.headers.get('content-type')).toContain('text/plain');
    expect(await response.text()).toContain('medley_things_total 3');
  });
});
