import { once } from 'node:events';
import { connect } from 'node:net';
import { describe, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import { startFakeGraph } from './fake-graph.ts';
import { openGreeted, openRaw, subscribe } from './raw-socket.ts';

const init = (token?: string) => ({
  type: 'connection_init',
  ...(token && { payload: { authorization: `Bearer ${token}` } }),
});

describe('a WebSocket', () => {
  it('brings results as they come, and the end', async () => {
    const graph = await startFakeGraph();
    const client = await openGreeted(graph.webSocketUrl, 'ann');
    client.send(subscribe('a "quoted" id'));
    const stream = await graph.stream(0);
    stream.push({ tick: 1 });
    expect(await client.next()).toEqual({
      id: 'a "quoted" id',
      type: 'next',
      payload: { data: { tick: 1 } },
    });
    stream.end('COMPLETE');
    expect(await client.next()).toEqual({ id: 'a "quoted" id', type: 'complete' });
    expect(stream.closed).toBe(true);
    expect(stream.transport).toBe('websocket');
    expect(stream.request).toMatchObject({ authorization: 'Bearer ann', address: '127.0.0.1' });
  });

  it('answers queries, and says of refused ones what is wrong', async () => {
    const graph = await startFakeGraph();
    const client = await openGreeted(graph.webSocketUrl);
    client.send(subscribe('1', '{ answer }'));
    expect(await client.next()).toEqual({ id: '1', type: 'next', payload: { data: { answer: 42 } } });
    expect(await client.next()).toEqual({ id: '1', type: 'complete' });
    client.send(subscribe('1', '{ broken }'));
    expect(await client.next()).toMatchObject({
      id: '1',
      type: 'error',
      payload: [{ message: 'cannot read { broken }', extensions: { code: 'BAD_USER_INPUT' } }],
    });
  });

  it('says of a refused subscription what is wrong, and its id is free again', async () => {
    const graph = await startFakeGraph();
    const client = await openGreeted(graph.webSocketUrl);
    client.send(subscribe('1', 'subscription { refuse }'));
    const { type, payload } = await client.next();
    expect(type).toBe('error');
    expect(payload).toMatchObject([
      { extensions: { code: 'UNAUTHENTICATED', requestId: expect.any(String) } },
    ]);
    client.send(subscribe('1'));
    await graph.stream(0);
  });

  it('ends what a client completes, at once also while it is being opened', async () => {
    const graph = await startFakeGraph();
    const client = await openGreeted(graph.webSocketUrl);
    client.send(subscribe('1'));
    client.send({ type: 'complete', id: '1' });
    const stream = await graph.stream(0);
    await expect.poll(() => stream.closed).toBe(true);
    // Its id may be used again.
    client.send(subscribe('1'));
    (await graph.stream(1)).push({ tick: 2 });
    expect(await client.next()).toMatchObject({ id: '1', payload: { data: { tick: 2 } } });
  });

  it('ends everything when the client is gone', async () => {
    const graph = await startFakeGraph();
    const client = await openGreeted(graph.webSocketUrl);
    for (const id of ['1', '2', '3']) client.send(subscribe(id));
    await graph.stream(2);
    client.socket.terminate();
    await expect.poll(() => graph.streams.every(({ closed }) => closed)).toBe(true);
    await expect
      .poll(() => graph.readMetric('medley_router_live_connections{transport="websocket"}'))
      .toBe(0);
  });

  it('takes the header of the upgrade where the client can send one, and what it says later instead', async () => {
    const graph = await startFakeGraph();
    const headers = { authorization: 'Bearer ann' };
    const byHeader = await openGreeted(graph.webSocketUrl, undefined, { headers });
    byHeader.send(subscribe('1'));
    expect((await graph.stream(0)).request.authorization).toBe('Bearer ann');
    const byBoth = await openGreeted(graph.webSocketUrl, 'bob', { headers });
    byBoth.send(subscribe('1'));
    expect((await graph.stream(1)).request.authorization).toBe('Bearer bob');
  });
});

describe('what breaks the protocol', () => {
  it.each<[string, unknown[], number, string]>([
    ['no JSON', [init(), '{"type":'], 4400, 'Invalid message received'],
    ['an unknown message', [init(), { type: 'start', id: '1' }], 4400, 'Invalid message received'],
    ['a message of servers', [init(), { type: 'complete' }], 4400, 'Invalid message received'],
    [
      'an id that is no text',
      [init(), { type: 'subscribe', id: 1, payload: { query: '{a}' } }],
      4400,
      'Invalid message received',
    ],
    [
      'a polluted message',
      [init(), '{"type":"subscribe","id":"1","payload":{"query":"{a}","__proto__":{"x":1}}}'],
      4400,
      'Invalid message received',
    ],
    [
      'a ping nested too deeply to be sent back',
      [init(), `{"type":"ping","payload":{"nested":${'['.repeat(9_000)}${']'.repeat(9_000)}}}`],
      4400,
      'Invalid message received',
    ],
    ['an operation before connection_init', [subscribe('1')], 4401, 'Unauthorized'],
    [
      'a renewal before connection_init',
      [{ type: 'ping', payload: { authorization: 'Bearer ann' } }],
      4401,
      'Unauthorized',
    ],
    ['a second connection_init', [init(), init()], 4429, 'Too many initialisation requests'],
    ['an id twice', [init(), subscribe('1'), subscribe('1')], 4409, 'Subscriber for this id already exists'],
    [
      'a long id twice',
      [init(), subscribe('ü'.repeat(500)), subscribe('ü'.repeat(500))],
      4409,
      'Subscriber for this id already exists',
    ],
    ['a forged token', [init('forged')], 4403, 'The access token is not valid.'],
    ['an expired token', [init('expired')], 4403, 'The access token has expired.'],
    ['a message beyond the size of a body', [init(), subscribe('1', 'x'.repeat(20_001))], 1009, ''],
  ])('%s closes the connection with the code for it, and no other', async (_, messages, code, reason) => {
    const graph = await startFakeGraph();
    const neighbour = await openGreeted(graph.webSocketUrl);
    neighbour.send(subscribe('1'));
    const stream = await graph.stream(0);

    const client = await openRaw(graph.webSocketUrl);
    for (const message of messages) {
      client.send(message);
      // The protocol has clients wait for it; those who do not are refused for that.
      if (message === messages[0] && messages.length > 1 && code !== 4429) await client.next();
    }
    expect(await client.closed()).toEqual({ code, reason });

    stream.push({ tick: 1 });
    expect(await neighbour.next()).toMatchObject({ type: 'next', payload: { data: { tick: 1 } } });
    await expect
      .poll(() => graph.readMetric('medley_router_live_connections{transport="websocket"}'))
      .toBe(1);
    expect(graph.log.join('')).not.toMatch(/Bearer|"level":50/);
  });

  it('bytes that are no text close it too', async () => {
    const graph = await startFakeGraph();
    const client = await openGreeted(graph.webSocketUrl);
    client.socket.send(Buffer.from(JSON.stringify(subscribe('1'))));
    expect(await client.closed()).toMatchObject({ code: 4400 });
  });

  it('a client that does not initialise the connection is closed', async () => {
    const graph = await startFakeGraph({ times: { initMs: 30 } });
    const client = await openRaw(graph.webSocketUrl);
    expect(await client.closed()).toEqual({ code: 4408, reason: 'Connection initialisation timeout' });
  });

  it.each([
    ['none', []],
    ['the old one', ['graphql-ws']],
    ['unknown ones', ['mqtt', 'stomp']],
  ])('a client that speaks %s of the subprotocols is told', async (_, protocols) => {
    const graph = await startFakeGraph();
    const client = await openRaw(graph.webSocketUrl, {}, protocols);
    expect(await client.closed()).toEqual({ code: 4406, reason: 'Subprotocol not acceptable' });
  });

  it('a frame that is none closes it by the rules of WebSockets', async () => {
    const graph = await startFakeGraph();
    const client = await openGreeted(graph.webSocketUrl);
    // biome-ignore lint/suspicious/noExplicitAny: below the client's own framing
    (client.socket as any)._socket.write(Buffer.from([0xff, 0x00, 0x01, 0x02]));
    expect(await client.closed()).toMatchObject({ code: 1002 });
  });
});

describe('pages of other sites', () => {
  const connectFrom = async (url: string, origin: string) => {
    const socket = new WebSocket(url, ['graphql-transport-ws'], { origin });
    socket.on('error', () => {});
    const opened = once(socket, 'open').then(() => 101);
    const refused = once(socket, 'unexpected-response').then(([, response]) => response.statusCode as number);
    const status = await Promise.race([opened, refused]);
    socket.terminate();
    return status;
  };

  it('may not connect, unless they are on the list or ours', async () => {
    const graph = await startFakeGraph({ corsOrigins: ['https://player.example'] });
    const { host } = new URL(graph.url);
    expect(await connectFrom(graph.webSocketUrl, 'https://player.example')).toBe(101);
    expect(await connectFrom(graph.webSocketUrl, `http://${host}`)).toBe(101);
    expect(await connectFrom(graph.webSocketUrl, 'https://evil.example')).toBe(403);
    expect(await connectFrom(graph.webSocketUrl, 'null')).toBe(403);
    expect(await connectFrom(graph.webSocketUrl, `http://${host}.evil.example`)).toBe(403);
  });

  it('are not found elsewhere', async () => {
    const graph = await startFakeGraph();
    expect(await connectFrom(`${graph.webSocketUrl}/else`, 'https://evil.example')).toBe(404);
  });
});

it('keeps no connection whose upgrade was refused, also when the client does not go', async () => {
  const graph = await startFakeGraph();
  const { port } = new URL(graph.url);
  const socket = connect({ port: Number(port), host: '127.0.0.1', allowHalfOpen: true });
  const upgrade = 'Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13';
  socket.write(
    `GET /nothing HTTP/1.1\r\nHost: localhost\r\n${upgrade}\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n\r\n`,
  );
  socket.resume();
  await once(socket, 'end');
  // What is written to a connection that nobody has is refused.
  const refused = once(socket, 'error');
  const writing = setInterval(() => socket.write('x'), 20);
  expect(await refused).toMatchObject([{ code: expect.stringMatching(/EPIPE|ECONNRESET/) }]);
  clearInterval(writing);
});

it('serves requests that offer HTTP/2 as if they did not, with their bodies', async () => {
  const graph = await startFakeGraph();
  const { port } = new URL(graph.url);
  const body = '{"query":"{ answer }"}';
  const socket = connect(Number(port), '127.0.0.1');
  let answer = '';
  socket.on('data', (data) => {
    answer += data;
  });
  socket.write(
    [
      'POST /graphql HTTP/1.1',
      'Host: localhost',
      'Connection: Upgrade, HTTP2-Settings',
      'Upgrade: h2c',
      'HTTP2-Settings: AAEAAEAAAAIAAAABAAMAAABkAAQBAAAAAAUAAEAA',
      'Content-Type: application/json',
      `Content-Length: ${body.length}`,
      '',
      body.slice(0, 5),
    ].join('\r\n'),
  );
  // The rest comes later, as it may.
  await new Promise((resolve) => setTimeout(resolve, 20));
  socket.write(body.slice(5));
  await expect.poll(() => answer).toContain('{"data":{"answer":42}}');
  expect(answer).toMatch(/^HTTP\/1\.1 200 /);
  // And the next one on the same connection.
  answer = '';
  socket.write('GET /readyz HTTP/1.1\r\nHost: localhost\r\n\r\n');
  await expect.poll(() => answer).toContain('"ready":true');
  socket.destroy();
});
