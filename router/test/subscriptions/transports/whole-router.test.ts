import { ApolloClient, gql, HttpLink, InMemoryCache } from '@apollo/client';
import { createClient as createSseClient } from 'graphql-sse';
import { createClient as createWebSocketClient } from 'graphql-ws';
import { afterAll, describe, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import { ids } from '../../stub-subgraphs.ts';
import { openLiveRouter } from '../open-stream.ts';
import { openBody } from './open-body.ts';
import { openGreeted } from './raw-socket.ts';

const { links, router, readMetric } = await openLiveRouter();
const service = await router.start({ host: '127.0.0.1', port: 0 });
afterAll(() => service.stop());
const url = `${service.url}/graphql`;
const webSocketUrl = url.replace('http', 'ws');

const query = `subscription Edits($id: ID!, $after: String) {
  playlistChanged(id: $id, after: $after) {
    kind cursor
    playlist { name owner { displayName } items(first: 1) { nodes { track { title playCount } } } }
  }
}`;
const variables = { id: ids.playlist };
const event = (kind: string, cursor: string) => ({
  playlistChanged: {
    kind,
    cursor,
    playlist: {
      name: 'Mine',
      owner: { __typename: 'User', id: ids.user },
      items: { nodes: [{ track: { __typename: 'Track', id: ids.track } }] },
    },
  },
});
const joined = (kind: string, cursor: string) => ({
  playlistChanged: {
    kind,
    cursor,
    playlist: {
      name: 'Mine',
      owner: { displayName: 'Me' },
      items: { nodes: [{ track: { title: 'One', playCount: 3_000_000_000 } }] },
    },
  },
});

/** Notes what a client is told. */
const tell = (told: unknown[]) => ({
  next: ({ data }: { data?: unknown }) => void told.push(data),
  error: (error: unknown) => void told.push(error),
  complete: () => void told.push('complete'),
});

const clients = {
  'graphql-ws'(told: unknown[]) {
    const client = createWebSocketClient({ url: webSocketUrl, webSocketImpl: WebSocket });
    client.subscribe({ query, variables }, tell(told));
    return () => client.dispose();
  },
  'graphql-sse'(told: unknown[]) {
    const client = createSseClient({ url });
    client.subscribe({ query, variables }, tell(told));
    return () => client.dispose();
  },
  'graphql-sse on a single connection'(told: unknown[]) {
    const client = createSseClient({ url, singleConnection: true });
    client.subscribe({ query, variables }, tell(told));
    return () => client.dispose();
  },
  'Apollo Client'(told: unknown[]) {
    const client = new ApolloClient({
      link: new HttpLink({ uri: url }),
      cache: new InMemoryCache(),
    });
    const subscription = client
      .subscribe({ query: gql(query), variables, fetchPolicy: 'no-cache' })
      .subscribe({
        next: ({ data }) => told.push(withoutTypenames(data)),
        error: (error) => told.push(error),
        complete: () => told.push('complete'),
      });
    return () => subscription.unsubscribe();
  },
};

/** Apollo Client asks for them by itself. */
const withoutTypenames = (data: unknown) =>
  JSON.parse(JSON.stringify(data, (key, value) => (key === '__typename' ? undefined : value)));

describe.each(Object.entries(clients))('the client %s', (_name, start) => {
  it('gets what several subgraphs tell of each event, and leaves nothing behind', async () => {
    const told: unknown[] = [];
    const index = links.playlists.streams.length;
    const stop = start(told);
    const upstream = await links.playlists.stream(index);
    upstream.accept();
    upstream.push(event('STARTED', 'c1'), 'c1');
    await expect.poll(() => told).toEqual([joined('STARTED', 'c1')]);
    upstream.push(event('CHANGED', 'c2'), 'c2');
    await expect.poll(() => told).toEqual([joined('STARTED', 'c1'), joined('CHANGED', 'c2')]);
    stop();
    await upstream.whenLeft;
  });
});

describe('what is refused', () => {
  const cases: [string, { query: string; variables?: object }, string, string?][] = [
    [
      'two root fields',
      {
        query: `subscription { playlistChanged(id: "${ids.playlist}") { cursor } playCountChanged(trackId: "${ids.track}") { cursor } }`,
      },
      'BAD_USER_INPUT',
    ],
    ['an unknown field', { query: 'subscription { everything { cursor } }' }, 'BAD_USER_INPUT'],
    ['no GraphQL', { query: 'subscription { playlistChanged(' }, 'BAD_USER_INPUT'],
    ['a variable that is missing', { query }, 'BAD_USER_INPUT'],
    [
      'too many fields',
      { query: `subscription { playlistChanged(id: "x") { ${'cursor '.repeat(1_001)} } }` },
      'BAD_USER_INPUT',
    ],
    [
      'too high a cost',
      {
        query: `subscription { playlistChanged(id: "x") { playlist { items(first: 100) { nodes { track { artists { albums(first: 100) { nodes { tracks(first: 100) { nodes { title } } } } } } } } } } }`,
      },
      'COST_EXCEEDED',
    ],
    ['what needs an account', { query: 'subscription { livePlays { cursor } }' }, 'UNAUTHENTICATED'],
    ['what needs a scope', { query: 'subscription { livePlays { cursor } }' }, 'FORBIDDEN', 'listener'],
    [
      'two operations without a name',
      { query: 'subscription A { livePlays { cursor } } query B { me { email } }' },
      'BAD_USER_INPUT',
    ],
  ];

  // biome-ignore lint/suspicious/noExplicitAny: errors of all shapes
  const withoutIds = (errors: any[]) =>
    errors.map(({ extensions: { requestId, ...extensions }, ...error }) => ({ ...error, extensions }));
  const post = (body: unknown, accept: string, token?: string): RequestInit => ({
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      accept,
      ...(token && { authorization: `Bearer ${token}` }),
    },
    body: JSON.stringify(body),
  });

  it.each(cases)('as %s is the same error on each transport', async (_, operation, code, token) => {
    const socket = await openGreeted(webSocketUrl, token);
    socket.send({ type: 'subscribe', id: '1', payload: operation });
    const { type, payload } = await socket.next();
    expect(type).toBe('error');
    const errors = withoutIds(payload);
    expect(errors[0].extensions.code).toBe(code);
    // The connection is as good as it was.
    socket.send({ type: 'subscribe', id: '1', payload: { query: '{ __typename }' } });
    expect(await socket.next()).toMatchObject({ type: 'next' });
    socket.socket.close();

    const stream = await openBody(url, post(operation, 'text/event-stream', token));
    await stream.ended();
    const data = /event: next\ndata: (.*)\n\nevent: complete/.exec(stream.text)?.[1] ?? '';
    expect(withoutIds(JSON.parse(data).errors)).toEqual(errors);

    const multipart =
      'multipart/mixed;boundary=graphql;subscriptionSpec=1.0, application/graphql-response+json';
    const response = await fetch(url, post(operation, multipart, token));
    expect(response.headers.get('content-type')).toContain('application/graphql-response+json');
    const body = (await response.json()) as { errors: never[] };
    expect(withoutIds(body.errors)).toEqual(errors);
  });

  it('by the subgraph, as a forged cursor, is too', async () => {
    const forged = { query, variables: { ...variables, after: 'forged' } };
    const refuse = async (index: number) =>
      (await links.playlists.stream(index)).refuse('BAD_USER_INPUT', 'no cursor');
    const index = links.playlists.streams.length;
    const socket = await openGreeted(webSocketUrl);
    socket.send({ type: 'subscribe', id: '1', payload: forged });
    await refuse(index);
    expect(await socket.next()).toMatchObject({
      type: 'error',
      payload: [{ message: 'no cursor', extensions: { code: 'BAD_USER_INPUT' } }],
    });
    socket.socket.close();
    const opening = openBody(url, post(forged, 'text/event-stream'));
    await refuse(index + 1);
    const stream = await opening;
    await stream.ended();
    expect(stream.text).toContain('{"errors":[{"message":"no cursor"');
  });

  it('is a subscription that came as a plain POST, which is told the ways', async () => {
    const response = await fetch(url, post({ query, variables }, 'application/json'));
    const { errors } = (await response.json()) as { errors: { message: string }[] };
    expect(response.status).toBe(400);
    expect(errors[0]?.message).toContain('WebSocket');
    expect(errors[0]?.message).toContain('text/event-stream');
  });
});

it('leaves nothing behind when the process stops: clients are told, streams end', async () => {
  const socket = await openGreeted(webSocketUrl);
  const index = links.playlists.streams.length;
  socket.send({ type: 'subscribe', id: '1', payload: { query, variables } });
  const upstream = await links.playlists.stream(index);
  upstream.accept();
  upstream.push(event('STARTED', 'c1'), 'c1');
  expect(await socket.next()).toMatchObject({ type: 'next' });
  const startedAt = performance.now();
  await service.stop();
  expect(performance.now() - startedAt).toBeLessThan(5_000);
  expect(await socket.closed()).toEqual({ code: 1001, reason: 'Going away' });
  await upstream.whenLeft;
  for (const transport of ['websocket', 'sse', 'multipart']) {
    expect(await readMetric(`medley_router_live_connections{transport="${transport}"}`)).toBe(0);
  }
});
