import { setImmediate as turn } from 'node:timers/promises';
import { MedleyError } from '@medley/errors';
import { createIdentitySigner } from '@medley/identity';
import { createMetrics } from '@medley/service';
import { createSubgraph, type RequestInfo, type Subgraph, startSubgraph } from '@medley/subgraph';
import { createTestVerifier, silentLogger, testKeys } from '@medley/testing';
import { afterEach, describe, expect, it } from 'vitest';
import { createHttpLink, createInProcessLink, type LinkEvent, type LiveSubgraphLink } from '../src/index.ts';

const stopAll: (() => Promise<unknown> | unknown)[] = [];
afterEach(async () => {
  for (const stop of stopAll.splice(0).reverse()) await stop();
});

interface Count {
  readonly cursor: string;
  readonly replaces: boolean;
  readonly playCount: number;
}
type Source = (after: string | undefined, request: RequestInfo) => AsyncGenerator<Count, void, undefined>;

const counted = (playCount: number, replaces = true): Count => ({
  cursor: `cursor-${playCount}`,
  replaces,
  playCount,
});

const none: Count[] = [];

/** Waits for the end, as a source does to which nothing happens. */
const aborted = (signal: AbortSignal) =>
  new Promise<void>((resolve) => {
    if (signal.aborted) resolve();
    signal.addEventListener('abort', () => resolve());
  });

/** A subgraph whose streams are told apart by nothing but their source. */
async function startCounts(source: Source) {
  const contexts: RequestInfo[] = [];
  const subgraph = await createSubgraph({
    name: 'analytics',
    resolvers: {
      Subscription: {
        playCountChanged: {
          subscribe(
            _: unknown,
            args: { trackId: string; after?: string },
            context: { request: RequestInfo },
          ) {
            if (args.trackId === 'track_unreadable') throw new MedleyError('BAD_USER_INPUT', 'no such id');
            const events = source(args.after, context.request);
            return (async function* () {
              for await (const event of events) yield { playCountChanged: event };
            })();
          },
        },
      },
    },
    createContext(request) {
      contexts.push(request);
      return { request };
    },
    identity: createTestVerifier('analytics'),
    logger: silentLogger,
  });
  return { subgraph, contexts };
}

const signer = createIdentitySigner({ audience: 'analytics', keys: testKeys, reads: ['actor'] });

function begin(link: LiveSubgraphLink, signal: AbortSignal, variables: object = { trackId: 'track_1' }) {
  const body = JSON.stringify({
    query: `subscription ($trackId: ID!, $after: String) {
      playCountChanged(trackId: $trackId, after: $after) { cursor playCount }
    }`,
    variables,
  });
  const requestId = 'request-1';
  const identity = signer.sign(
    { actor: { kind: 'anonymous' }, market: 'DE', marketSource: null, explicit: true, clientAddress: null },
    { body, requestId, deadline: Date.now() + 1_000 },
  );
  return link.subscribe({ body, identity, requestId, signal });
}

const adapters: [string, (subgraph: Subgraph) => Promise<LiveSubgraphLink>][] = [
  [
    'over HTTP',
    async (subgraph) => {
      const service = await startSubgraph(subgraph, {
        host: '127.0.0.1',
        port: 0,
        logger: silentLogger,
        metrics: createMetrics(),
      });
      stopAll.push(() => service.stop());
      return createHttpLink({ url: `${service.url}/graphql` });
    },
  ],
  [
    'in process',
    async (subgraph) => {
      stopAll.push(() => subgraph.stop());
      return createInProcessLink('analytics', subgraph);
    },
  ],
];

describe.each(adapters)('subscriptions by a link %s', (_, open) => {
  async function start(source: Source) {
    const { subgraph, contexts } = await startCounts(source);
    const link = await open(subgraph);
    stopAll.push(() => link.close());
    const reader = new AbortController();
    stopAll.push(() => reader.abort());
    return { link, subgraph, contexts, reader };
  }

  async function eventsOf(subscription: Awaited<ReturnType<typeof begin>>) {
    if ('refusal' in subscription) throw new Error(subscription.refusal);
    return subscription.events[Symbol.asyncIterator]();
  }

  it('brings results with their cursors in their order, and ends when the stream ended', async () => {
    const { link, reader } = await start(async function* () {
      yield counted(1, false);
      yield counted(2);
    });
    const events = await eventsOf(await begin(link, reader.signal));
    expect(await drain(events)).toEqual([
      {
        body: '{"data":{"playCountChanged":{"cursor":"cursor-1","playCount":1}}}',
        cursor: 'cursor-1',
        replaces: false,
      },
      {
        body: '{"data":{"playCountChanged":{"cursor":"cursor-2","playCount":2}}}',
        cursor: 'cursor-2',
        replaces: true,
      },
    ]);
  });

  it('tells an error that ends the stream as the last result, without a cursor', async () => {
    const { link, reader } = await start(async function* () {
      yield counted(1);
      throw new MedleyError('NOT_FOUND', 'There is no such track.');
    });
    const [, last, ...more] = await drain(await eventsOf(await begin(link, reader.signal)));
    expect([last?.cursor, last?.replaces]).toEqual([undefined, false]);
    expect(JSON.parse(last?.body ?? '')).toEqual({
      data: null,
      errors: [{ message: 'There is no such track.', extensions: { code: 'NOT_FOUND' } }],
    });
    expect(more).toEqual([]);
  });

  it('tells an error before the first event in the same way', async () => {
    const { link, reader } = await start(async function* () {
      yield* none;
      throw new MedleyError('NOT_FOUND', 'There is no such track.');
    });
    const told = await drain(await eventsOf(await begin(link, reader.signal)));
    expect(told).toHaveLength(1);
    expect(told[0]?.body).toContain('NOT_FOUND');
  });

  it('is refused at the beginning as a query would be', async () => {
    const { link, reader } = await start(async function* () {
      yield* none;
    });
    const refused = await begin(link, reader.signal, { trackId: 'track_unreadable' });
    expect(JSON.parse('refusal' in refused ? refused.refusal : '{}')).toMatchObject({
      errors: [{ message: 'no such id', extensions: { code: 'BAD_USER_INPUT' } }],
    });
    const invalid = await begin(link, reader.signal, {});
    expect('refusal' in invalid && invalid.refusal).toContain('BAD_USER_INPUT');
  });

  it('breaks when something fails that nobody expects, and tells nothing of it', async () => {
    const { link, reader } = await start(async function* () {
      yield counted(1);
      throw new Error('select * from secrets');
    });
    const events = await eventsOf(await begin(link, reader.signal));
    await events.next();
    const broken = events.next();
    await expect(broken).rejects.toMatchObject({ name: 'LinkError', code: 'UPSTREAM_UNAVAILABLE' });
    await expect(broken).rejects.not.toMatchObject({ message: expect.stringContaining('secrets') });
  });

  it('ends here and in the subgraph when it is aborted while it waits', async () => {
    const ended: string[] = [];
    const { link, reader } = await start(async function* (_, { signal }) {
      try {
        yield counted(1);
        await aborted(signal);
      } finally {
        ended.push('source');
      }
    });
    const events = await eventsOf(await begin(link, reader.signal));
    await events.next();
    const waiting = events.next();
    await turn();
    reader.abort();
    expect(await waiting).toEqual({ done: true, value: undefined });
    await expect.poll(() => ended).toEqual(['source']);
  });

  it('ends when its reader returns while it waits, also when the source is deaf', async () => {
    let told: AbortSignal | undefined;
    const { link, reader } = await start(async function* (_, { signal }) {
      told = signal;
      yield counted(1);
      await new Promise(() => {});
    });
    const events = await eventsOf(await begin(link, reader.signal));
    await events.next();
    const waiting = events.next();
    await events.return?.();
    expect(await waiting).toEqual({ done: true, value: undefined });
    await expect.poll(() => told?.aborted).toBe(true);
  });

  it('ends in the subgraph when its reader leaves before he reads', async () => {
    let told: AbortSignal | undefined;
    const { link, reader } = await start(async function* (_, { signal }) {
      told = signal;
      await aborted(signal);
      yield* none;
    });
    const events = await eventsOf(await begin(link, reader.signal));
    await turn();
    reader.abort();
    expect(await events.next()).toEqual({ done: true, value: undefined });
    await expect.poll(() => told === undefined || told.aborted).toBe(true);
  });

  it('makes each event with loaders of its own, and a time of its own', async () => {
    const { link, contexts, reader } = await start(async function* () {
      yield counted(1);
      yield counted(2);
    });
    await drain(await eventsOf(await begin(link, reader.signal)));
    const [first, ...events] = contexts;
    expect(events).toHaveLength(2);
    expect(new Set([first, ...events]).size).toBe(3);
    for (const { deadline, requestId } of events) {
      expect(deadline).toBeGreaterThan(first?.deadline ?? Infinity);
      expect(requestId).toBe('request-1');
    }
  });

  it('breaks when the subgraph stops, and cannot be begun there any more', async () => {
    const { link, subgraph, reader } = await start(async function* (_, { signal }) {
      yield counted(1);
      await aborted(signal);
    });
    const events = await eventsOf(await begin(link, reader.signal));
    await events.next();
    const waiting = events.next();
    await turn();
    subgraph.stopSubscriptions();
    await expect(waiting).rejects.toMatchObject({ name: 'LinkError', code: 'UPSTREAM_UNAVAILABLE' });
    await expect(begin(link, reader.signal)).rejects.toMatchObject({ code: 'UPSTREAM_UNAVAILABLE' });
  });

  it('breaks when the link is closed', async () => {
    const { link, reader } = await start(async function* (_, { signal }) {
      yield counted(1);
      await aborted(signal);
    });
    const events = await eventsOf(await begin(link, reader.signal));
    await events.next();
    const waiting = events.next();
    await turn();
    await Promise.all([
      expect(waiting).rejects.toMatchObject({ name: 'LinkError', code: 'UPSTREAM_UNAVAILABLE' }),
      link.close(),
    ]);
  });

  it('does not begin when it is too late', async () => {
    let begun = 0;
    const { link } = await start(async function* () {
      begun += 1;
      yield* none;
    });
    await expect(begin(link, AbortSignal.abort())).rejects.toMatchObject({ name: 'LinkError' });
    expect(begun).toBe(0);
  });

  it('is refused when it is not signed', async () => {
    const { link, reader } = await start(async function* () {
      yield* none;
    });
    const forged = { body: '{}', identity: 'v1.a.b.c', requestId: 'request-1', signal: reader.signal };
    await expect(link.subscribe(forged)).rejects.toMatchObject({ code: 'UPSTREAM_UNAVAILABLE' });
  });
});

async function drain(events: AsyncIterator<LinkEvent>): Promise<LinkEvent[]> {
  const all: LinkEvent[] = [];
  for (let next = await events.next(); !next.done; next = await events.next()) all.push(next.value);
  return all;
}
