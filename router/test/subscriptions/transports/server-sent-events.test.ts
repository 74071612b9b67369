import { createClient } from 'graphql-sse';
import { describe, expect, it } from 'vitest';
import { startFakeGraph } from './fake-graph.ts';
import { openBody, readBody } from './open-body.ts';

const query = 'subscription { ticks }';
const post = (
  body: unknown,
  { accept = 'text/event-stream', ...headers }: Record<string, string> = {},
): RequestInit => ({
  method: 'POST',
  headers: { 'content-type': 'application/json', accept, ...headers },
  body: typeof body === 'string' ? body : JSON.stringify(body),
});

describe('an event stream', () => {
  it('brings results as they come, and the end', async () => {
    const graph = await startFakeGraph({ corsOrigins: ['https://player.example'] });
    const headers = { authorization: 'Bearer ann', origin: 'https://player.example' };
    const body = await openBody(graph.url, post({ query }, headers));
    expect(body.status).toBe(200);
    expect(Object.fromEntries(body.headers)).toMatchObject({
      'content-type': 'text/event-stream; charset=utf-8',
      'cache-control': 'no-cache, no-store, no-transform',
      'x-accel-buffering': 'no',
      'x-request-id': expect.stringMatching(/^[0-9a-f-]{36}$/),
      'access-control-allow-origin': 'https://player.example',
    });
    // At once, for browsers that show nothing of an answer before its first byte.
    await body.until(':\n\n');
    const stream = await graph.stream(0);
    expect(stream.transport).toBe('sse');
    expect(stream.request).toMatchObject({
      authorization: 'Bearer ann',
      address: '127.0.0.1',
      requestId: body.headers.get('x-request-id'),
    });
    stream.push({ tick: 1 });
    await body.until('event: next\ndata: {"data":{"tick":1}}\n\n');
    stream.end('COMPLETE');
    expect(await body.ended()).toBe('whole');
    expect(body.text).toMatch(/event: complete\ndata: \n\n$/);
    await expect.poll(() => graph.readMetric('medley_router_live_connections{transport="sse"}')).toBe(0);
  });

  it('is asked for in any case of letters', async () => {
    const graph = await startFakeGraph();
    const response = await fetch(graph.url, post({ query }, { accept: 'TEXT/Event-Stream' }));
    expect(response.headers.get('content-type')).toBe('text/event-stream; charset=utf-8');
    await response.body?.cancel();
  });

  it('ends everything when the client leaves', async () => {
    const graph = await startFakeGraph();
    const body = await openBody(graph.url, post({ query }));
    const stream = await graph.stream(0);
    body.leave();
    await expect.poll(() => stream.closed).toBe(true);
  });

  it.each<[string, unknown, Record<string, string>, string]>([
    ['a refused subscription', { query: 'subscription { refuse }' }, {}, 'UNAUTHENTICATED'],
    ['a query that is wrong', { query: '{ broken }' }, {}, 'BAD_USER_INPUT'],
    ['a subscription that is no GraphQL', { query: 'subscription { broken' }, {}, 'BAD_USER_INPUT'],
    ['a forged token', { query }, { authorization: 'Bearer forged' }, 'UNAUTHENTICATED'],
  ])('says in the stream what is wrong with %s', async (_, operation, headers, code) => {
    const graph = await startFakeGraph();
    const body = await openBody(graph.url, post(operation, headers));
    expect(await body.ended()).toBe('whole');
    expect(body.status).toBe(200);
    const [, data = ''] = /event: next\ndata: (.*)\n\nevent: complete\ndata: \n\n$/.exec(body.text) ?? [];
    expect(JSON.parse(data)).toMatchObject({
      errors: [{ extensions: { code, requestId: body.headers.get('x-request-id') } }],
    });
  });

  it.each<[string, number, RequestInit]>([
    ['half a body', 400, post('{"query":')],
    ['a body beyond its size', 413, post({ query: 'x'.repeat(20_001) })],
    ['a form', 415, post('query=x', { 'content-type': 'application/x-www-form-urlencoded' })],
  ])('is not begun for %s, which is answered with %i', async (_, status, init) => {
    const graph = await startFakeGraph();
    const response = await fetch(graph.url, init);
    expect(response.status).toBe(status);
    expect(await response.json()).toMatchObject({ errors: [{ extensions: { code: 'BAD_USER_INPUT' } }] });
  });

  it('brings the answer to a query, unless the client would take that as JSON', async () => {
    const graph = await startFakeGraph();
    const body = await openBody(graph.url, post({ query: '{ answer }' }));
    expect(await body.ended()).toBe('whole');
    expect(body.text).toContain('event: next\ndata: {"data":{"answer":42}}\n\nevent: complete');
    const accept = 'application/graphql-response+json, application/json, text/event-stream, multipart/mixed';
    const response = await fetch(graph.url, post({ query: '{ answer }' }, { accept }));
    expect(response.headers.get('content-type')).toContain('application/graphql-response+json');
    const live = await openBody(graph.url, post({ query }, { accept }));
    expect(live.headers.get('content-type')).toContain('text/event-stream');
    live.leave();
  });

  it('ends with an error of its own when the token expires', async () => {
    const graph = await startFakeGraph();
    const body = await openBody(graph.url, post({ query }, { authorization: 'Bearer ann~1000' }));
    const stream = await graph.stream(0);
    stream.push({ tick: 1 });
    expect(await body.ended()).toBe('whole');
    expect(body.text).toContain('{"data":{"tick":1}}');
    expect(body.text).toMatch(
      /event: next\ndata: {"errors":\[{"message":"The access token has expired\.",.*"UNAUTHENTICATED".*}\n\nevent: complete\ndata: \n\n$/,
    );
    expect(stream.closed).toBe(true);
  });

  it('tells a client whose stream could not wait for it any longer', async () => {
    const graph = await startFakeGraph();
    const body = await openBody(graph.url, post({ query }));
    (await graph.stream(0)).end('TOO_SLOW');
    expect(await body.ended()).toBe('whole');
    expect(body.text).toMatch(/event: next\ndata: {"errors":.*"TOO_SLOW".*}\n\nevent: complete\ndata: \n\n$/);
  });

  it('waits for a client that takes nothing', async () => {
    const graph = await startFakeGraph();
    const left = new AbortController();
    const response = await fetch(graph.url, { ...post({ query }), signal: left.signal });
    const stream = await graph.stream(0);
    for (let tick = 0; tick < 400; tick++) stream.push({ text: 'x'.repeat(100_000) });
    for (let before = -1; before < stream.taken; ) {
      before = stream.taken;
      await new Promise((resolve) => setTimeout(resolve, 200));
    }
    expect(stream.taken).toBeLessThan(390);
    expect(response.status).toBe(200);
    left.abort();
    await expect.poll(() => stream.closed).toBe(true);
  });

  it('is broken off when the process stops, so that the client comes back', async () => {
    const graph = await startFakeGraph();
    let { url } = graph;
    const client = createClient({ url: () => url, retry: async () => {} });
    const results = client.iterate<{ tick: number }>({ query });
    const first = results.next();
    (await graph.stream(0)).push({ tick: 1 });
    expect(await first).toMatchObject({ value: { data: { tick: 1 } } });
    const next = await startFakeGraph();
    url = next.url;
    const second = results.next();
    const startedAt = performance.now();
    await graph.stop();
    // Not the 30 s that requests under way may linger.
    expect(performance.now() - startedAt).toBeLessThan(10_000);
    (await next.stream(0)).push({ tick: 2 });
    expect(await second).toMatchObject({ value: { data: { tick: 2 } } });
    client.dispose();
  });

  it('is counted among the streams of its holder', async () => {
    const graph = await startFakeGraph({ limits: { perViewer: 1 } });
    const headers = { authorization: 'Bearer ann' };
    const one = await openBody(graph.url, post({ query }, headers));
    await graph.stream(0);
    const refused = await openBody(graph.url, post({ query }, headers));
    await refused.ended();
    expect(refused.text).toContain('"RATE_LIMITED"');
    one.leave();
    await expect.poll(() => graph.streams[0]?.closed).toBe(true);
    await openBody(graph.url, post({ query }, headers));
    await graph.stream(1);
  });
});

describe('a single connection for many operations', () => {
  const tokenHeader = 'x-graphql-event-stream-token';
  const reserve = async (url: string, authorization = 'Bearer ann') => {
    const response = await fetch(url, { method: 'PUT', headers: { authorization } });
    return {
      status: response.status,
      token: await response.text(),
      type: response.headers.get('content-type'),
    };
  };
  const openStream = (url: string, token: string) =>
    openBody(url, { headers: { accept: 'text/event-stream', [tokenHeader]: token } });
  const start = (
    url: string,
    token: string,
    id: unknown,
    { text = query, authorization = 'Bearer ann' } = {},
  ) =>
    fetch(
      url,
      post(
        { query: text, extensions: { operationId: id } },
        { accept: '*/*', [tokenHeader]: token, authorization },
      ),
    );
  const codeOf = async (response: Response) => {
    const { errors } = (await response.json()) as { errors: { extensions: { code: string } }[] };
    return [response.status, errors[0]?.extensions.code];
  };

  it('is reserved, opened, and brings the results of each', async () => {
    const graph = await startFakeGraph();
    const { status, token, type } = await reserve(graph.url);
    expect([status, type]).toEqual([201, 'text/plain; charset=utf-8']);
    const body = await openStream(graph.url, token);
    expect((await start(graph.url, token, 'a')).status).toBe(202);
    expect((await start(graph.url, token, 'b')).status).toBe(202);
    (await graph.stream(1)).push({ tick: 1 });
    await body.until('event: next\ndata: {"id":"b","payload":{"data":{"tick":1}}}\n\n');
    expect((await start(graph.url, token, 'c', { text: '{ answer }' })).status).toBe(202);
    await body.until('event: next\ndata: {"id":"c","payload":{"data":{"answer":42}}}\n\n');
    await body.until('event: complete\ndata: {"id":"c"}\n\n');
    // What is refused comes to who asked for it, and the connection goes on.
    expect((await start(graph.url, token, 'd', { text: 'subscription { refuse }' })).status).toBe(202);
    await body.until('data: {"id":"d","payload":{"errors":[');
    const stop = { method: 'DELETE', headers: { [tokenHeader]: token } };
    expect((await fetch(`${graph.url}?operationId=b`, stop)).status).toBe(200);
    await expect.poll(() => graph.streams[1]?.closed).toBe(true);
    expect((await fetch(`${graph.url}?operationId=b`, stop)).status).toBe(200);
    graph.streams[0]?.end('COMPLETE');
    await body.until('event: complete\ndata: {"id":"a"}\n\n');
    expect((await start(graph.url, token, 'a')).status).toBe(202);
    await graph.stream(2);
    body.leave();
    await expect.poll(() => graph.streams.every(({ closed }) => closed)).toBe(true);
    expect(await codeOf(await start(graph.url, token, 'e'))).toEqual([404, 'NOT_FOUND']);
  });

  it('is for one account, and for one stream', async () => {
    const graph = await startFakeGraph();
    const { token } = await reserve(graph.url);
    expect(await codeOf(await start(graph.url, token, 'a'))).toEqual([409, 'CONFLICT']);
    const body = await openStream(graph.url, token);
    const again = { headers: { accept: 'text/event-stream', [tokenHeader]: token } };
    expect(await codeOf(await fetch(graph.url, again))).toEqual([409, 'CONFLICT']);
    expect((await start(graph.url, token, 'a')).status).toBe(202);
    expect(await codeOf(await start(graph.url, token, 'a'))).toEqual([409, 'CONFLICT']);
    expect(await codeOf(await start(graph.url, token, undefined))).toEqual([400, 'BAD_USER_INPUT']);
    const authorization = 'Bearer bob';
    expect(await codeOf(await start(graph.url, token, 'b', { authorization }))).toEqual([403, 'FORBIDDEN']);
    expect(await codeOf(await start(graph.url, 'made-up', 'b'))).toEqual([404, 'NOT_FOUND']);
    const forged = await fetch(graph.url, { method: 'PUT', headers: { authorization: 'Bearer forged' } });
    expect(forged.headers.get('www-authenticate')).toBe('Bearer error="invalid_token"');
    expect(await codeOf(forged)).toEqual([401, 'UNAUTHENTICATED']);
    expect(body.text).not.toContain('error');
    body.leave();
  });

  it('tells each operation when the token expires, and ends', async () => {
    const graph = await startFakeGraph();
    const { token } = await reserve(graph.url, 'Bearer ann~1000');
    const body = await openStream(graph.url, token);
    const authorization = 'Bearer ann~900';
    await start(graph.url, token, 'a', { authorization });
    await start(graph.url, token, 'b', { authorization });
    expect(await body.ended()).toBe('whole');
    for (const id of ['a', 'b']) {
      expect(body.text).toContain(
        `data: {"id":"${id}","payload":{"errors":[{"message":"The access token has expired."`,
      );
      expect(body.text).toContain(`event: complete\ndata: {"id":"${id}"}`);
    }
    await expect.poll(() => graph.streams.every(({ closed }) => closed)).toBe(true);
  });

  it('goes on where a later operation shows a newer token', async () => {
    const graph = await startFakeGraph();
    const { token } = await reserve(graph.url, 'Bearer ann~1000');
    const body = await openStream(graph.url, token);
    await start(graph.url, token, 'a', { authorization: 'Bearer ann~1000' });
    await start(graph.url, token, 'b', { authorization: 'Bearer ann' });
    // Until the first one has expired.
    await new Promise((resolve) => setTimeout(resolve, 1_100));
    (await graph.stream(0)).push({ tick: 1 });
    await body.until('data: {"id":"a","payload":{"data":{"tick":1}}}');
    body.leave();
  });

  it('does not go on with a newer token that may do less; an operation that may do more ends with its own', async () => {
    const graph = await startFakeGraph();
    const { token } = await reserve(graph.url, 'Bearer ann~1500');
    const body = await openStream(graph.url, token);
    await start(graph.url, token, 'more', { authorization: 'Bearer ann+count~150' });
    await body.until('data: {"id":"more","payload":{"errors":[{"message":"The access token has expired."');
    await start(graph.url, token, 'all', { authorization: 'Bearer ann+count~2000' });
    await start(graph.url, token, 'less');
    await body.until('data: {"id":"all","payload":{"errors":[{"message":"The access token has expired."');
    await body.until('data: {"id":"less","payload":{"errors":[{"message":"The access token has expired."');
  });

  it('waits to be opened only so many times for one account, so that others can', async () => {
    const graph = await startFakeGraph();
    const reserved = await Promise.all(Array.from({ length: 101 }, () => reserve(graph.url)));
    const statuses = reserved.map(({ status }) => status);
    expect(statuses.filter((status) => status === 429)).toHaveLength(1);
    expect((await reserve(graph.url, 'Bearer bob')).status).toBe(201);
    const body = await openStream(graph.url, reserved.find(({ status }) => status === 201)?.token ?? '');
    expect((await reserve(graph.url)).status).toBe(201);
    body.leave();
  });

  it.each([
    ['answers', '{ long }'],
    ['refusals', '{ long, broken }'],
  ])('keeps no more %s than 4 MB for a client that does not read them, and says so', async (_, text) => {
    const graph = await startFakeGraph();
    const { token } = await reserve(graph.url);
    const left = new AbortController();
    const stream = await fetch(graph.url, { headers: { [tokenHeader]: token }, signal: left.signal });
    await start(graph.url, token, 'live');
    const ask = (id: number) => start(graph.url, token, `${id}`, { text });
    // What the network takes before anything waits here differs from machine to machine.
    let asked = 0;
    let statuses = [202];
    while (statuses.includes(202) && asked < 500) {
      statuses = await Promise.all(Array.from({ length: 20 }, async () => (await ask(asked++)).status));
    }
    expect(await codeOf(await ask(asked))).toEqual([408, 'TOO_SLOW']);
    // So is an operation that was begun before, and the client goes on once it reads.
    (await graph.stream(0)).push({ tick: 1 });
    await expect.poll(() => graph.streams[0]?.closed).toBe(true);
    const body = readBody(stream, () => left.abort());
    await body.until('{"id":"live","payload":{"errors":[{"message":"You did not take');
    await expect.poll(async () => (await ask(++asked)).status).toBe(202);
    body.leave();
  });

  it('does not begin with HEAD, whose answer has no body', async () => {
    const graph = await startFakeGraph();
    const { token } = await reserve(graph.url);
    expect((await fetch(graph.url, { method: 'HEAD', headers: { [tokenHeader]: token } })).status).toBe(405);
    await openStream(graph.url, token);
  });

  it('serves the client of graphql-sse, which comes back when the process stops', async () => {
    const graph = await startFakeGraph();
    let { url } = graph;
    const client = createClient({
      url: () => url,
      singleConnection: true,
      retry: async () => {},
      headers: () => ({ authorization: 'Bearer ann' }),
    });
    const results = [client.iterate({ query }), client.iterate({ query })];
    const nexts = () => results.map((result) => result.next());
    const first = nexts();
    for (const index of [0, 1]) (await graph.stream(index)).push({ tick: 1 });
    expect(await Promise.all(first)).toMatchObject([
      { value: { data: { tick: 1 } } },
      { value: { data: { tick: 1 } } },
    ]);
    const next = await startFakeGraph();
    url = next.url;
    const second = nexts();
    await graph.stop();
    for (const index of [0, 1]) (await next.stream(index)).push({ tick: 2 });
    expect(await Promise.all(second)).toMatchObject([
      { value: { data: { tick: 2 } } },
      { value: { data: { tick: 2 } } },
    ]);
    // It stops one of them, then all.
    await results[0]?.return?.(undefined);
    await expect.poll(() => next.streams.filter(({ closed }) => closed)).toHaveLength(1);
    client.dispose();
    await expect.poll(() => next.streams.every(({ closed }) => closed)).toBe(true);
  });
});
