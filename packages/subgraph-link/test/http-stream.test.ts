import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { createHttpLink, type LinkEvent, type LinkSubscription } from '../src/index.ts';

const stopAll: (() => Promise<unknown> | unknown)[] = [];
afterEach(async () => {
  for (const stop of stopAll.splice(0).reverse()) await stop();
});

type Behaviour = (response: ServerResponse, request: IncomingMessage) => void;

async function open(behave: Behaviour, options: { silenceMs?: number; maxBytes?: number } = {}) {
  let connections = 0;
  const server = createServer(async (request, response) => {
    for await (const _ of request);
    behave(response, request);
  });
  server.on('connection', () => {
    connections += 1;
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/graphql`;
  const link = createHttpLink({ url, ...options });
  const readers: AbortController[] = [];
  stopAll.push(() => {
    server.closeAllConnections();
    server.close();
  });
  stopAll.push(() => link.close());
  return {
    link,
    /** So far. */
    connections: () => connections,
    openConnections: () =>
      new Promise<number>((resolve, reject) => {
        server.getConnections((error, count) => (error ? reject(error) : resolve(count)));
      }),
    subscribe() {
      const reader = new AbortController();
      readers.push(reader);
      return link.subscribe({ body: '{}', identity: 'v1', requestId: 'request-1', signal: reader.signal });
    },
    leave() {
      for (const reader of readers) reader.abort();
    },
  };
}

function eventsOf(subscription: LinkSubscription): AsyncIterator<LinkEvent> {
  if ('refusal' in subscription) throw new Error(subscription.refusal);
  return subscription.events[Symbol.asyncIterator]();
}

const begin = (response: ServerResponse) => {
  response.writeHead(200, { 'content-type': 'text/event-stream' });
  response.flushHeaders();
};
const frame = (cursor: number | string, body = '{}') => `event: next\nid: ${cursor}\ndata: ${body}\n\n`;
const broken = { name: 'LinkError', code: 'UPSTREAM_UNAVAILABLE' };

describe('a subscription over HTTP', () => {
  it('asks for server-sent events, signed', async () => {
    let asked: IncomingMessage | undefined;
    const { subscribe } = await open((response, request) => {
      asked = request;
      begin(response);
      response.end('event: complete\ndata:\n\n');
    });
    expect(await eventsOf(await subscribe()).next()).toMatchObject({ done: true });
    expect(asked?.headers).toMatchObject({
      accept: 'text/event-stream',
      'content-type': 'application/json',
      'x-medley-identity': 'v1',
      'x-request-id': 'request-1',
    });
  });

  it('breaks when it closes without an end, behind what came whole', async () => {
    const { subscribe } = await open((response) => {
      begin(response);
      response.end(`${frame(1)}event: next\nid: 2\ndata: {"da`);
    });
    const events = eventsOf(await subscribe());
    expect((await events.next()).value).toEqual({ body: '{}', cursor: '1', replaces: false });
    await expect(events.next()).rejects.toMatchObject(broken);
  });

  it('breaks when the other side is killed', async () => {
    const { subscribe } = await open((response) => {
      begin(response);
      response.write(frame(1), () => response.destroy());
    });
    const events = eventsOf(await subscribe());
    const all = (async () => {
      for (;;) if ((await events.next()).done) return 'ended';
    })();
    await expect(all).rejects.toMatchObject(broken);
  });

  it('breaks when nothing is heard for too long, and goes on while something is', async () => {
    let beats = 0;
    const { subscribe } = await open(
      (response) => {
        begin(response);
        const beating = setInterval(() => {
          if (beats++ < 4) response.write(':\n\n');
        }, 250);
        response.on('close', () => clearInterval(beating));
      },
      { silenceMs: 1_000 },
    );
    const events = eventsOf(await subscribe());
    await expect(events.next()).rejects.toMatchObject(broken);
    expect(beats).toBeGreaterThan(4);
  });

  it('reads letters that come in two pieces, and many results in one', async () => {
    const bytes = Buffer.from(`${frame(1, '{"ä":1}')}${frame(2)}${frame(3)}event: complete\ndata:\n\n`);
    const cut = bytes.indexOf(0xc3) + 1;
    const { subscribe } = await open((response) => {
      begin(response);
      response.write(bytes.subarray(0, cut), () => setImmediate(() => response.end(bytes.subarray(cut))));
    });
    const events = eventsOf(await subscribe());
    expect((await events.next()).value).toMatchObject({ body: '{"ä":1}', cursor: '1' });
    expect((await events.next()).value).toMatchObject({ cursor: '2' });
    expect((await events.next()).value).toMatchObject({ cursor: '3' });
    expect((await events.next()).done).toBe(true);
  });

  it('gives up a result that is too long', async () => {
    const { subscribe } = await open(
      (response) => {
        begin(response);
        response.write(frame(1, 'ä'.repeat(200_000)));
      },
      { maxBytes: 100_000 },
    );
    await expect(eventsOf(await subscribe()).next()).rejects.toMatchObject({
      ...broken,
      message: expect.stringContaining('more than 100000 bytes'),
    });
  });

  it('takes no more than it is asked for', async () => {
    let written = 0;
    const { subscribe } = await open((response) => {
      begin(response);
      const body = 'x'.repeat(100_000);
      const fill = () => {
        while (written < 600)
          if (!response.write(frame(written++, body))) return response.once('drain', fill);
        return response.end('event: complete\ndata:\n\n');
      };
      fill();
    });
    const events = eventsOf(await subscribe());
    await events.next();
    let before = -1;
    const hasStopped = () => {
      const same = written === before;
      before = written;
      return same;
    };
    await expect.poll(hasStopped, { interval: 300, timeout: 15_000 }).toBe(true);
    expect(written).toBeLessThan(300);
    let read = 1;
    while (!(await events.next()).done) read += 1;
    expect(read).toBe(600);
  });

  it('closes its connection when its reader leaves, also one who has read nothing', async () => {
    let closed = 0;
    const { subscribe, leave } = await open((response) => {
      begin(response);
      response.write(frame(1));
      response.on('close', () => {
        closed += 1;
      });
    });
    const events = eventsOf(await subscribe());
    await events.next();
    await subscribe();
    const waiting = events.next();
    leave();
    expect(await waiting).toEqual({ done: true, value: undefined });
    await expect.poll(() => closed).toBe(2);
  });

  it('has as many at once as there are, beside what is asked otherwise', async () => {
    const { subscribe, link, connections } = await open((response, request) => {
      if (request.headers.accept === 'application/json') return void response.end('{"data":{}}');
      begin(response);
    });
    await Promise.all(Array.from({ length: 200 }, subscribe));
    const { signal } = new AbortController();
    const answer = await link.send({ body: '{}', identity: 'v1', requestId: 'request-1', signal });
    expect(answer.body).toBe('{"data":{}}');
    expect(connections()).toBe(201);
  });

  it('leaves no connection behind, neither when it has ended nor when its reader left', async () => {
    const { subscribe, leave, connections, openConnections } = await open((response) => {
      begin(response);
      if (connections() > 5) response.end('event: complete\ndata:\n\n');
    });
    await Promise.all(Array.from({ length: 5 }, subscribe));
    const ended = eventsOf(await subscribe());
    expect(await ended.next()).toMatchObject({ done: true });
    expect(await openConnections()).toBeGreaterThanOrEqual(5);
    leave();
    await expect.poll(openConnections).toBe(0);
    expect(connections()).toBe(6);
  });

  it('cannot be begun where nobody listens: then the connection failed', async () => {
    const link = createHttpLink({ url: 'http://127.0.0.1:1/graphql' });
    stopAll.push(() => link.close());
    const { signal } = new AbortController();
    const begun = link.subscribe({ body: '{}', identity: 'v1', requestId: 'request-1', signal });
    await expect(begun).rejects.toMatchObject({ ...broken, disconnected: true });
  });
});
