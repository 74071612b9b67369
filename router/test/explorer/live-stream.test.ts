import type { LiveStream } from '@medley/explorer/live-stream';
import { startLiveStream } from '@medley/explorer/live-stream';
import { readOperations } from '@medley/schema';
import Fastify, { type FastifyInstance } from 'fastify';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createStubStreams, type StubStreams } from './stub-streams.ts';

const query = readOperations().find(({ name }) => name === 'PlaylistChanged')?.source ?? '';

let app: FastifyInstance;
let stub: StubStreams;
let origin: string;
let refuse: { status: number; body: object } | undefined;
const started: LiveStream[] = [];

beforeEach(async () => {
  app = Fastify({ forceCloseConnections: true });
  stub = createStubStreams();
  refuse = undefined;
  app.post('/graphql', async (request, reply) =>
    refuse ? reply.code(refuse.status).send(refuse.body) : stub.answer(request, reply),
  );
  origin = await app.listen({ host: '127.0.0.1', port: 0 });
});
afterEach(async () => {
  for (const stream of started.splice(0)) stream.stop();
  await app.close();
});

function start(readHeaders = async (): Promise<Record<string, string>> => ({})): LiveStream {
  const stream = startLiveStream({
    path: `${origin}/graphql`,
    operation: { name: 'PlaylistChanged', query, variables: { id: 'playlist' }, takesAfter: true },
    caller: 'as premium-us',
    readHeaders,
    retryAfterMs: 1,
  });
  started.push(stream);
  return stream;
}

const shown = (stream: LiveStream) => stream.state().latest?.data as { playlistChanged: ShownEvent };
interface ShownEvent {
  readonly kind: string;
  readonly cursor: string;
  readonly edits: readonly { readonly operationId: string }[];
}

describe('a stream in the explorer', () => {
  it('shows each event as it comes', async () => {
    const stream = start();
    await expect.poll(() => shown(stream)?.playlistChanged.kind).toBe('STARTED');
    expect(stream.state()).toMatchObject({ phase: 'OPEN', results: 1 });
    stub.edit();
    await expect.poll(() => stream.state().results).toBe(2);
    expect(shown(stream).playlistChanged).toMatchObject({ kind: 'CHANGED', cursor: 'c1' });
  });

  it('comes back after the last event when the connection breaks, and has missed nothing', async () => {
    const stream = start();
    await expect.poll(() => stream.state().results).toBe(1);
    stub.edit();
    await expect.poll(() => stream.state().results).toBe(2);
    stub.breakAll();
    stub.edit();
    stub.edit();
    await expect.poll(() => shown(stream).playlistChanged.cursor).toBe('c3');
    expect(shown(stream).playlistChanged.edits.at(-1)?.operationId).toBe('operation-3');
    expect(stub.begun.map(({ variables }) => variables.after)).toEqual([undefined, 'c1']);
  });

  it('begins again with a fresh token when the old one expires, without showing that', async () => {
    let tokens = 0;
    const stream = start(async () => ({ authorization: `Bearer token ${++tokens}` }));
    await expect.poll(() => stream.state().results).toBe(1);
    stub.expireAll();
    await expect.poll(() => stub.begun.length).toBe(2);
    stub.edit();
    await expect.poll(() => stream.state().results).toBe(2);
    expect(shown(stream).playlistChanged.kind).toBe('CHANGED');
    expect(stub.begun).toEqual([
      { variables: { id: 'playlist' }, authorization: 'Bearer token 1' },
      { variables: { id: 'playlist', after: 'c0' }, authorization: 'Bearer token 2' },
    ]);
  });

  it('waits for a server that is away, and for who gives it its token', async () => {
    let asked = 0;
    refuse = { status: 503, body: { errors: [{ message: 'draining' }] } };
    const stream = start(async () => {
      asked += 1;
      if (asked === 1) throw new TypeError('fetch failed');
      return {};
    });
    await expect.poll(() => asked).toBeGreaterThan(2);
    expect(stream.state()).toMatchObject({ phase: 'WAITING', results: 0 });
    refuse = undefined;
    await expect.poll(() => stream.state()).toMatchObject({ phase: 'OPEN', results: 1 });
  });

  it('ends with what the server refuses it with', async () => {
    refuse = { status: 401, body: { errors: [{ message: 'no good token' }] } };
    const stream = start();
    await expect.poll(() => stream.state().phase).toBe('ENDED');
    expect(stream.state().latest).toEqual(refuse.body);
  });

  it('ends with the words that a stream is refused with', async () => {
    const stream = startLiveStream({
      path: `${origin}/graphql`,
      operation: { name: 'Wrong', query: 'subscription { nothing }', takesAfter: false },
      caller: 'as nobody',
      readHeaders: async () => ({}),
    });
    await expect.poll(() => stream.state().phase).toBe('ENDED');
    expect(stream.state().latest?.errors).toHaveLength(1);
    expect(stub.begun).toHaveLength(1);
  });

  it('ends on the server too when it is stopped', async () => {
    const stream = start();
    await expect.poll(() => stub.open()).toBe(1);
    stream.stop();
    await expect.poll(() => stream.state().phase).toBe('ENDED');
    await expect.poll(() => stub.open()).toBe(0);
    expect(stub.begun).toHaveLength(1);
  });
});
