import {
  ApolloClient,
  CombinedGraphQLErrors,
  CombinedProtocolErrors,
  gql,
  HttpLink,
  InMemoryCache,
} from '@apollo/client';
import { describe, expect, it } from 'vitest';
import { startFakeGraph } from './fake-graph.ts';
import { openBody } from './open-body.ts';

const query = 'subscription { ticks }';
const accept =
  'multipart/mixed;boundary=graphql;subscriptionSpec=1.0, application/graphql-response+json, application/json;q=0.9';
const post = (text: string, headers: Record<string, string> = {}): RequestInit => ({
  method: 'POST',
  headers: { 'content-type': 'application/json', accept, ...headers },
  body: JSON.stringify({ query: text }),
});

describe('a multipart answer', () => {
  it('brings results as they come, each with its boundary, and the end', async () => {
    const graph = await startFakeGraph({ corsOrigins: ['https://player.example'] });
    const body = await openBody(graph.url, post(query, { origin: 'https://player.example' }));
    expect([body.status, body.headers.get('content-type')]).toEqual([
      200,
      'multipart/mixed;boundary="graphql";subscriptionSpec="1.0"',
    ]);
    expect(body.headers.get('access-control-allow-origin')).toBe('https://player.example');
    const stream = await graph.stream(0);
    expect(stream.transport).toBe('multipart');
    stream.push({ tick: 1 });
    const part = '\r\ncontent-type: application/json\r\n\r\n{"payload":{"data":{"tick":1}}}\r\n--graphql';
    await body.until(part);
    stream.end('COMPLETE');
    expect(await body.ended()).toBe('whole');
    expect(body.text).toBe(`\r\n--graphql${part}--\r\n`);
  });

  it('is not begun for what is refused: that is answered as a query is', async () => {
    const graph = await startFakeGraph();
    const response = await fetch(graph.url, post('subscription { refuse }'));
    expect(response.status).toBe(401);
    expect(response.headers.get('content-type')).toContain('application/graphql-response+json');
    expect(await response.json()).toMatchObject({ errors: [{ extensions: { code: 'UNAUTHENTICATED' } }] });
    const forged = await fetch(graph.url, post(query, { authorization: 'Bearer forged' }));
    expect([forged.status, forged.headers.get('www-authenticate')]).toEqual([
      401,
      'Bearer error="invalid_token"',
    ]);
    const answer = await fetch(graph.url, post('{ answer }'));
    expect(await answer.json()).toEqual({ data: { answer: 42 } });
  });

  it('is not for clients that know another one', async () => {
    const graph = await startFakeGraph();
    const deferring = { accept: 'multipart/mixed;deferSpec=20220824, application/json' };
    const response = await fetch(graph.url, post('{ answer }', deferring));
    expect(await response.json()).toEqual({ data: { answer: 42 } });
    // Neither is a subscription, which is answered by what runs queries: that says by which ways it can be had.
    await fetch(graph.url, post(query, deferring));
    expect(graph.operations).toHaveLength(2);
    expect(graph.streams).toHaveLength(0);
  });

  it('ends everything when the client leaves', async () => {
    const graph = await startFakeGraph();
    const body = await openBody(graph.url, post(query));
    const stream = await graph.stream(0);
    body.leave();
    await expect.poll(() => stream.closed).toBe(true);
    await expect
      .poll(() => graph.readMetric('medley_router_live_connections{transport="multipart"}'))
      .toBe(0);
  });
});

describe('Apollo Client', () => {
  async function startClient(token?: string) {
    const graph = await startFakeGraph();
    const headers = token ? { authorization: `Bearer ${token}` } : undefined;
    const client = new ApolloClient({
      link: new HttpLink({ uri: graph.url, headers }),
      cache: new InMemoryCache(),
    });
    const subscribe = (text: string) => {
      const told: { data?: unknown; error?: unknown }[] = [];
      let state: 'open' | 'complete' | 'error' = 'open';
      const subscription = client.subscribe({ query: gql(text), fetchPolicy: 'no-cache' }).subscribe({
        next: ({ data, error }) => told.push({ data, error }),
        error: () => {
          state = 'error';
        },
        complete: () => {
          state = 'complete';
        },
      });
      return { told, state: () => state, unsubscribe: () => subscription.unsubscribe() };
    };
    return { graph, subscribe };
  }

  it('gets results, and the end', async () => {
    const { graph, subscribe } = await startClient('ann');
    const { told, state } = subscribe(query);
    const stream = await graph.stream(0);
    expect(stream.request.authorization).toBe('Bearer ann');
    stream.push({ ticks: 1 });
    stream.push({ ticks: 2 });
    await expect.poll(() => told.map(({ data }) => data)).toEqual([{ ticks: 1 }, { ticks: 2 }]);
    stream.end('COMPLETE');
    await expect.poll(state).toBe('complete');
  });

  it('leaves when it unsubscribes', async () => {
    const { graph, subscribe } = await startClient();
    const { unsubscribe } = subscribe(query);
    const stream = await graph.stream(0);
    unsubscribe();
    await expect.poll(() => stream.closed).toBe(true);
  });

  it('is told why a subscription was refused, with the code', async () => {
    const { subscribe } = await startClient();
    const { told } = subscribe('subscription { refuse }');
    await expect.poll(() => told).toHaveLength(1);
    expect(told[0]?.error).toBeInstanceOf(CombinedGraphQLErrors);
    expect(told[0]?.error).toMatchObject({ errors: [{ extensions: { code: 'UNAUTHENTICATED' } }] });
  });

  it('is told when its token has expired, with the code', async () => {
    const { graph, subscribe } = await startClient('ann~1000');
    const { told } = subscribe(query);
    (await graph.stream(0)).push({ ticks: 1 });
    await expect.poll(() => told).toHaveLength(2);
    expect(told[1]?.error).toBeInstanceOf(CombinedProtocolErrors);
    expect(told[1]?.error).toMatchObject({ errors: [{ extensions: { code: 'UNAUTHENTICATED' } }] });
  });

  it('is told when it was too slow, with the code', async () => {
    const { graph, subscribe } = await startClient();
    const { told } = subscribe(query);
    (await graph.stream(0)).end('TOO_SLOW');
    await expect.poll(() => told).toHaveLength(1);
    expect(told[0]?.error).toMatchObject({ errors: [{ extensions: { code: 'TOO_SLOW' } }] });
  });

  it('sees that the stream is not over when the process stops', async () => {
    const { graph, subscribe } = await startClient();
    const { told } = subscribe(query);
    (await graph.stream(0)).push({ ticks: 1 });
    await expect.poll(() => told).toHaveLength(1);
    await graph.stop();
    await expect.poll(() => told).toHaveLength(2);
    // An error of the network, which a RetryLink acts on.
    expect(told[1]?.error).toBeInstanceOf(TypeError);
  });
});
