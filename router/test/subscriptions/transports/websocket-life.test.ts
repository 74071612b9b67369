import { createClient } from 'graphql-ws';
import { describe, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import { startFakeGraph } from './fake-graph.ts';
import { openGreeted, openRaw, subscribe } from './raw-socket.ts';

const renew = (token: string) => ({ type: 'ping', payload: { authorization: `Bearer ${token}` } });

describe('the credential of a WebSocket', () => {
  it('ends it with a code when it expires', async () => {
    const graph = await startFakeGraph();
    const client = await openGreeted(graph.webSocketUrl, 'ann~1000');
    client.send(subscribe('1'));
    (await graph.stream(0)).push({ tick: 1 });
    expect(await client.next()).toMatchObject({ type: 'next' });
    expect(await client.closed()).toEqual({ code: 4403, reason: 'The access token has expired.' });
    await expect.poll(() => graph.streams[0]?.closed).toBe(true);
  });

  it('is renewed by a ping, and streams go on without a gap', async () => {
    const graph = await startFakeGraph();
    const client = await openGreeted(graph.webSocketUrl, 'ann~1000');
    client.send(subscribe('1'));
    const stream = await graph.stream(0);
    stream.push({ tick: 1 });
    await client.next();
    client.send(renew('ann'));
    // The token is not sent back.
    expect(await client.next()).toEqual({ type: 'pong' });
    // Until the first one has expired.
    await new Promise((resolve) => setTimeout(resolve, 1_100));
    stream.push({ tick: 2 });
    expect(await client.next()).toMatchObject({ id: '1', payload: { data: { tick: 2 } } });
    // What comes later is asked for with the new one.
    client.send(subscribe('2'));
    expect((await graph.stream(1)).request.authorization).toBe('Bearer ann');
  });

  it.each([
    ['of another account', 'bob', 'The access token is of another account.'],
    ['that is forged', 'forged', 'The access token is not valid.'],
  ])('%s ends it', async (_, token, reason) => {
    const graph = await startFakeGraph();
    const client = await openGreeted(graph.webSocketUrl, 'ann');
    client.send(subscribe('1'));
    const stream = await graph.stream(0);
    client.send(renew(token));
    expect(await client.closed()).toEqual({ code: 4403, reason });
    await expect.poll(() => stream.closed).toBe(true);
  });

  it('that may do less ends it, one that may do more does not', async () => {
    const graph = await startFakeGraph();
    const client = await openGreeted(graph.webSocketUrl, 'ann+count');
    client.send(renew('ann+count+more'));
    expect(await client.next()).toEqual({ type: 'pong' });
    client.send(renew('ann+count'));
    const reason = 'The access token allows something else than the one before: connect anew.';
    expect(await client.closed()).toEqual({ code: 4403, reason });
  });

  it.each(['connection_init', 'ping'])('that is no text ends it: %s', async (type) => {
    const graph = await startFakeGraph();
    const isNew = type === 'connection_init';
    const client = await (isNew ? openRaw : openGreeted)(graph.webSocketUrl);
    client.send({ type, payload: { authorization: { toString: 1, valueOf: 1 } } });
    expect(await client.closed()).toMatchObject({ code: 4403 });
    expect(graph.log.filter((line) => JSON.parse(line).level >= 50)).toEqual([]);
  });

  it('does not appear where nobody was signed in', async () => {
    const graph = await startFakeGraph();
    const client = await openGreeted(graph.webSocketUrl);
    client.send(renew('ann'));
    expect(await client.closed()).toMatchObject({ code: 4403 });
  });

  it('that expired is replaced by the client of graphql-ws, which comes back with a fresh one', async () => {
    const graph = await startFakeGraph();
    const tokens = ['ann~1000', 'ann'];
    const client = createClient({
      url: graph.webSocketUrl,
      webSocketImpl: WebSocket,
      retryWait: async () => {},
      connectionParams: () => ({ authorization: `Bearer ${tokens.shift()}` }),
    });
    const results = client.iterate({ query: 'subscription { ticks }' });
    const first = results.next();
    (await graph.stream(0)).push({ tick: 1 });
    expect(await first).toMatchObject({ value: { data: { tick: 1 } } });
    const second = results.next();
    (await graph.stream(1)).push({ tick: 2 });
    expect(await second).toMatchObject({ value: { data: { tick: 2 } } });
    await client.dispose();
  });
});

describe('the life of a WebSocket', () => {
  it('answers pings, with what they carry', async () => {
    const graph = await startFakeGraph();
    const client = await openRaw(graph.webSocketUrl);
    client.send({ type: 'ping' });
    expect(await client.next()).toEqual({ type: 'pong' });
    client.send({ type: 'ping', payload: { sentAt: 3 } });
    expect(await client.next()).toEqual({ type: 'pong', payload: { sentAt: 3 } });
  });

  it('is over when a client has not answered twice, and not while it answers', async () => {
    const graph = await startFakeGraph({ times: { pingMs: 40 } });
    const silent = await openGreeted(graph.webSocketUrl, undefined, { autoPong: false });
    silent.send(subscribe('1'));
    const stream = await graph.stream(0);
    const lively = await openGreeted(graph.webSocketUrl);
    lively.send(subscribe('1'));
    const other = await graph.stream(1);
    expect(await silent.closed()).toMatchObject({ code: 1006 });
    await expect.poll(() => stream.closed).toBe(true);
    expect(other.closed).toBe(false);
  });

  it('waits for a client that takes nothing, and then gives it up; others are as fast as ever', async () => {
    const graph = await startFakeGraph({ times: { stallMs: 200 } });
    const slow = await openGreeted(graph.webSocketUrl);
    const fast = await openGreeted(graph.webSocketUrl);
    slow.send(subscribe('1'));
    const stream = await graph.stream(0);
    fast.send(subscribe('1'));
    const other = await graph.stream(1);
    slow.socket.pause();
    const text = 'x'.repeat(100_000);
    for (let tick = 0; tick < 400; tick++) stream.push({ text });
    await expect.poll(() => stream.taken).toBeGreaterThan(0);
    other.push({ tick: 1 });
    expect(await fast.next()).toMatchObject({ payload: { data: { tick: 1 } } });
    await expect.poll(() => stream.closed, { timeout: 10_000 }).toBe(true);
    // It was not sent all into the process's memory.
    expect(stream.taken).toBeLessThan(390);
    expect(other.closed).toBe(false);
  });

  it('tells a client whose stream could not wait for it any longer', async () => {
    const graph = await startFakeGraph();
    const client = await openGreeted(graph.webSocketUrl);
    client.send(subscribe('1'));
    (await graph.stream(0)).end('TOO_SLOW');
    expect(await client.next()).toMatchObject({
      id: '1',
      type: 'error',
      payload: [{ extensions: { code: 'TOO_SLOW', requestId: expect.any(String) } }],
    });
  });

  it('reads no more of a client that asks for more than it takes, and reads on when it does', async () => {
    const graph = await startFakeGraph({ limits: { perAddress: 10_000 } });
    const client = await openGreeted(graph.webSocketUrl);
    client.socket.pause();
    const operations = 10_000;
    const long = 'x'.repeat(1_000);
    for (let id = 0; id < operations; id++) client.send(subscribe(`${long}${id}`, 'subscription { refuse }'));
    // Until nothing is read any more.
    for (let before = -1; before < graph.refused; ) {
      before = graph.refused;
      await new Promise((resolve) => setTimeout(resolve, 300));
    }
    expect(graph.refused).toBeLessThan(operations);
    client.socket.resume();
    for (let id = 0; id < operations; id++) await client.next();
    expect(graph.refused).toBe(operations);
  });
});

describe('the end of the process', () => {
  it('sends clients away to come back, with streams or without, and they do', async () => {
    const graph = await startFakeGraph();
    const idle = await openGreeted(graph.webSocketUrl);
    const stranger = await openRaw(graph.webSocketUrl);
    let url = graph.webSocketUrl;
    const client = createClient({ url: () => url, webSocketImpl: WebSocket, retryWait: async () => {} });
    const results = client.iterate({ query: 'subscription { ticks }' });
    const first = results.next();
    (await graph.stream(0)).push({ tick: 1 });
    await first;
    const next = await startFakeGraph();
    url = next.webSocketUrl;
    const second = results.next();
    const startedAt = performance.now();
    await graph.stop();
    // Not the 30 s that requests under way may linger.
    expect(performance.now() - startedAt).toBeLessThan(10_000);
    expect(await idle.closed()).toEqual({ code: 1001, reason: 'Going away' });
    expect(await stranger.closed()).toEqual({ code: 1001, reason: 'Going away' });
    (await next.stream(0)).push({ tick: 2 });
    expect(await second).toMatchObject({ value: { data: { tick: 2 } } });
    await client.dispose();
  });

  it('does not wait for a client that does not go', async () => {
    const graph = await startFakeGraph();
    const client = await openGreeted(graph.webSocketUrl);
    client.socket.pause();
    const startedAt = performance.now();
    await graph.stop();
    expect(performance.now() - startedAt).toBeLessThan(10_000);
    client.socket.terminate();
  });

  it('does not wait for a client that has not taken what waits for it', async () => {
    const graph = await startFakeGraph();
    const client = await openGreeted(graph.webSocketUrl);
    client.socket.pause();
    const long = `{ broken ${'x'.repeat(15_000)} }`;
    for (let id = 0; id < 1_500; id++) client.send(subscribe(`${id}`, long));
    // Until nothing is read any more, as nothing can be answered.
    for (let before = -1; before < graph.operations.length; ) {
      before = graph.operations.length;
      await new Promise((resolve) => setTimeout(resolve, 300));
    }
    expect(graph.operations.length).toBeLessThan(1_500);
    const startedAt = performance.now();
    await graph.stop();
    expect(performance.now() - startedAt).toBeLessThan(10_000);
    client.socket.terminate();
  });
});

describe('the limit of open streams', () => {
  it('holds for an account over all its connections, until one of them ends', async () => {
    const graph = await startFakeGraph({ limits: { perViewer: 2 } });
    const one = await openGreeted(graph.webSocketUrl, 'ann');
    const other = await openGreeted(graph.webSocketUrl, 'ann');
    one.send(subscribe('1'));
    other.send(subscribe('1'));
    await graph.stream(1);
    one.send(subscribe('2'));
    expect(await one.next()).toMatchObject({
      id: '2',
      type: 'error',
      payload: [
        {
          message: 'There are 2 streams open already, the most for one account. End one of them first.',
          extensions: { code: 'RATE_LIMITED', limit: 2 },
        },
      ],
    });
    const stranger = await openGreeted(graph.webSocketUrl, 'bob');
    stranger.send(subscribe('1'));
    await graph.stream(2);
    other.socket.terminate();
    await expect.poll(() => graph.streams[1]?.closed).toBe(true);
    one.send(subscribe('3'));
    await graph.stream(3);
    expect(await graph.readMetric('medley_router_limited_streams_total{outcome="refused"}')).toBe(1);
  });

  it('holds for the address of those who are not signed in', async () => {
    const graph = await startFakeGraph({ limits: { perAddress: 1 } });
    const client = await openGreeted(graph.webSocketUrl);
    client.send(subscribe('1'));
    await graph.stream(0);
    client.send(subscribe('2'));
    expect(await client.next()).toMatchObject({
      id: '2',
      payload: [{ extensions: { code: 'RATE_LIMITED' } }],
    });
    // Refused ones take no place.
    client.send({ type: 'complete', id: '1' });
    await expect.poll(() => graph.streams[0]?.closed).toBe(true);
    client.send(subscribe('3', 'subscription { refuse }'));
    expect(await client.next()).toMatchObject({ id: '3', type: 'error' });
    client.send(subscribe('4'));
    await graph.stream(1);
  });
});
