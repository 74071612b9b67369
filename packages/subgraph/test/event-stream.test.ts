import { type IncomingMessage, request } from 'node:http';
import { createIdentitySigner, identityHeader } from '@medley/identity';
import { createMetrics, type HttpService } from '@medley/service';
import { createTestVerifier, silentLogger, testKeys } from '@medley/testing';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { createSubgraph, type LiveEvent, type RequestInfo, startSubgraph } from '../src/index.ts';

interface Seconds extends LiveEvent {
  readonly plays: number;
  readonly at: string;
}
type Source = (signal: AbortSignal) => AsyncGenerator<Seconds, void, undefined>;

const second = (plays: number, replaces = false): Seconds => ({
  cursor: `c${plays}`,
  replaces,
  plays,
  at: '2026-11-23T08:30:00.000Z',
});

const aborted = (signal: AbortSignal) =>
  new Promise<void>((resolve) => {
    if (signal.aborted) resolve();
    signal.addEventListener('abort', () => resolve());
  });

describe('subscriptions over HTTP', () => {
  const stopAll: (() => Promise<unknown> | unknown)[] = [];
  afterEach(async () => {
    vi.useRealTimers();
    for (const stop of stopAll.splice(0).reverse()) await stop();
  });

  async function serve(source: Source) {
    const metrics = createMetrics();
    const subgraph = await createSubgraph({
      name: 'analytics',
      resolvers: {
        Subscription: {
          livePlays: {
            async *subscribe(_: unknown, __: unknown, context: { request: RequestInfo }) {
              for await (const event of source(context.request.signal)) yield { livePlays: event };
            },
          },
        },
      },
      createContext: (request) => ({ request }),
      identity: createTestVerifier('analytics'),
      logger: silentLogger,
    });
    const service = await startSubgraph(subgraph, {
      host: '127.0.0.1',
      port: 0,
      logger: silentLogger,
      metrics,
    });
    stopAll.push(() => service.stop());
    return {
      service,
      async streams() {
        const { values } = (await metrics.registry.getSingleMetric('medley_subgraph_streams')?.get()) ?? {
          values: [],
        };
        return values[0]?.value ?? 0;
      },
    };
  }

  /** Begins a stream, of which nothing is read yet. */
  async function begin({ url }: HttpService, query = 'subscription { livePlays { plays } }') {
    const body = JSON.stringify({ query });
    const identity = createIdentitySigner({ audience: 'analytics', keys: testKeys, reads: [] }).sign(
      { actor: { kind: 'anonymous' }, market: null, marketSource: null, explicit: true, clientAddress: null },
      { body, requestId: 'request-1', deadline: Date.now() + 5_000 },
    );
    const headers = {
      'content-type': 'application/json',
      accept: 'text/event-stream',
      [identityHeader]: identity,
    };
    const asking = request(`${url}/graphql`, { method: 'POST', headers });
    stopAll.push(() => asking.destroy());
    asking.on('error', () => {});
    asking.end(body);
    return new Promise<IncomingMessage>((resolve) => asking.once('response', resolve));
  }

  async function read(response: IncomingMessage): Promise<string> {
    let text = '';
    for await (const chunk of response) text += chunk;
    return text;
  }

  it('are server-sent events that no proxy holds back', async () => {
    const { service, streams } = await serve(async function* () {
      yield second(1);
      yield second(2, true);
    });
    const response = await begin(service);
    expect(response.headers).toMatchObject({
      'content-type': 'text/event-stream',
      'cache-control': 'no-store',
      'x-accel-buffering': 'no',
    });
    expect(await read(response)).toBe(
      'event: next\nid: c1\ndata: {"data":{"livePlays":{"plays":1}}}\n\n' +
        'event: replace\nid: c2\ndata: {"data":{"livePlays":{"plays":2}}}\n\n' +
        'event: complete\ndata:\n\n',
    );
    expect(await streams()).toBe(0);
  });

  it('are refused as JSON', async () => {
    const { service } = await serve(async function* () {
      yield second(1);
    });
    const response = await begin(service, '{ __typename }');
    expect([response.statusCode, response.headers['content-type']]).toEqual([
      200,
      'application/json; charset=utf-8',
    ]);
    expect(JSON.parse(await read(response))).toEqual({
      errors: [
        {
          message: 'Only a subscription is answered with a stream.',
          extensions: { code: 'BAD_USER_INPUT' },
        },
      ],
    });
  });

  it('begin before there is anything to tell, and say every 10 s that they are there', async () => {
    vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] });
    const { service } = await serve(async function* (signal) {
      await aborted(signal);
      yield* [];
    });
    const response = await begin(service);
    let text = '';
    response.on('data', (chunk) => {
      text += chunk;
    });
    vi.advanceTimersByTime(9_999);
    vi.advanceTimersByTime(1);
    vi.advanceTimersByTime(10_000);
    await expect.poll(() => text).toBe(':\n\n:\n\n');
  });

  it('end in the subgraph when their reader has gone', async () => {
    let told: AbortSignal | undefined;
    const { service, streams } = await serve(async function* (signal) {
      told = signal;
      yield second(1);
      await aborted(signal);
    });
    const response = await begin(service);
    await once(response);
    expect(await streams()).toBe(1);
    response.destroy();
    await expect.poll(() => told?.aborted).toBe(true);
    await expect.poll(streams).toBe(0);
  });

  it('make nothing that a slow reader has no room for', async () => {
    let made = 0;
    const { service } = await serve(async function* () {
      for (; made < 2_000; made++) yield { ...second(made), at: new Date(made).toISOString() };
    });
    // 200 MB in all.
    const response = await begin(service, wide);
    let before = -1;
    await expect
      .poll(
        () => {
          const hasStopped = made === before;
          before = made;
          return hasStopped;
        },
        { interval: 300, timeout: 15_000 },
      )
      .toBe(true);
    expect(made).toBeLessThan(300);
    response.destroy();
  });

  it('are cut off when their reader takes nothing for a minute', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    let told: AbortSignal | undefined;
    const { service, streams } = await serve(async function* (signal) {
      told = signal;
      for (let index = 0; index < 2_000; index++) yield second(index);
    });
    const response = await begin(service, wide);
    await vi.waitFor(
      async () => {
        await vi.advanceTimersByTimeAsync(61_000);
        expect(told?.aborted).toBe(true);
      },
      { timeout: 15_000 },
    );
    await vi.waitFor(async () => expect(await streams()).toBe(0), { timeout: 20_000 });
    await expect(read(response)).rejects.toThrow('aborted');
  });

  it('break off when the service stops, at once and without an end', async () => {
    const { service } = await serve(async function* (signal) {
      yield second(1);
      await aborted(signal);
    });
    const response = await begin(service);
    const reading = read(response);
    const startedAt = performance.now();
    await service.stop();
    expect(await reading).toBe('event: next\nid: c1\ndata: {"data":{"livePlays":{"plays":1}}}\n\n');
    // Not the 30 s that requests under way may linger.
    expect(performance.now() - startedAt).toBeLessThan(10_000);
  });
});

/** Whose results have 100 kB each. */
const aliases = Array.from({ length: 2_000 }, (_, index) => `moment_of_this_second_${index}: at`);
const wide = `subscription { livePlays { ${aliases.join(' ')} } }`;

const once = (response: IncomingMessage) =>
  new Promise<[Buffer]>((resolve) => response.once('data', (chunk) => resolve([chunk])));
