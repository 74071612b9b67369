import { createInProcessLink, LinkError, type LinkRequest, type SubgraphLink } from '@medley/subgraph-link';
import { createTestVerifier, testServiceKeys } from '@medley/testing';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { createFindByIds, createServiceCaller, ServiceCallError } from '../src/index.ts';

type Send = (request: LinkRequest) => unknown;

/** A caller of a catalog that answers as told; it remembers what it was asked. */
function callerOf(send: Send, options: { timeoutMs?: number; clock?: () => number } = {}) {
  const requests: LinkRequest[] = [];
  const link: SubgraphLink = {
    async send(request) {
      requests.push(request);
      const answer = await send(request);
      return { body: typeof answer === 'string' ? answer : JSON.stringify(answer) };
    },
    close: async () => {},
  };
  const who = { service: 'search', subgraph: 'catalog', link, keys: testServiceKeys };
  return { caller: createServiceCaller({ ...who, ...options }), requests };
}

const question = {
  query: 'query Last { last: catalogLastChange }',
  data: z.object({ last: z.string().transform(Number) }),
};
const hangs: Send = ({ signal }) =>
  new Promise((_, reject) => {
    signal.addEventListener('abort', () => reject(new LinkError('UPSTREAM_TIMEOUT', 'too slow')));
  });
const failureOf = (asking: Promise<unknown>): Promise<ServiceCallError> =>
  asking.then(
    () => expect.unreachable('there was an answer'),
    (error) => {
      expect(error).toBeInstanceOf(ServiceCallError);
      return error;
    },
  );

describe('a question to another subgraph', () => {
  it('is answered by data that was parsed', async () => {
    const { caller, requests } = callerOf(() => ({ data: { last: '42' } }));
    expect(await caller.ask({ ...question, variables: { of: 'x' } })).toEqual({ last: 42 });
    expect(JSON.parse(requests[0]?.body as string)).toEqual({
      query: question.query,
      variables: { of: 'x' },
    });
  });

  it('is signed for this body and this subgraph, in the name of the service', async () => {
    const { caller, requests } = callerOf(() => ({ data: { last: '1' } }), { timeoutMs: 1_000 });
    await caller.ask({ ...question, requestId: 'r1' });
    const [{ identity, body, requestId }] = requests as [LinkRequest];
    expect(requestId).toBe('r1');
    const claims = createTestVerifier('catalog').verify(identity, body);
    expect(claims).toMatchObject({ actor: { kind: 'service', id: 'search' }, requestId: 'r1' });
    expect(claims.deadline - claims.iat).toBeGreaterThan(900);
    expect(claims.deadline - claims.iat).toBeLessThanOrEqual(1_001);
    expect(() => createTestVerifier('catalog').verify(identity, `${body} `)).toThrow('ALTERED');
    expect(() => createTestVerifier('users').verify(identity, body)).toThrow('WRONG_AUDIENCE');
  });

  it('has a request id of its own where it belongs to no request', async () => {
    const { caller, requests } = callerOf(() => ({ data: { last: '1' } }));
    await caller.ask(question);
    await caller.ask(question);
    expect(new Set(requests.map(({ requestId }) => requestId)).size).toBe(2);
  });

  it('is asked once more, with a signature of its own, when the connection failed', async () => {
    let failures = 1;
    const { caller, requests } = callerOf(() => {
      if (failures-- > 0) throw new LinkError('UPSTREAM_UNAVAILABLE', 'other side closed', undefined, true);
      return { data: { last: '7' } };
    });
    expect(await caller.ask(question)).toEqual({ last: 7 });
    expect(requests[0]?.identity).not.toBe(requests[1]?.identity);
  });

  it('is not asked a third time', async () => {
    const { caller, requests } = callerOf(() => {
      throw new LinkError('UPSTREAM_UNAVAILABLE', 'refused', undefined, true);
    });
    expect(await failureOf(caller.ask(question))).toMatchObject({ code: 'UPSTREAM_UNAVAILABLE' });
    expect(requests).toHaveLength(2);
  });

  it('is given up after the time that it is worth', async () => {
    const hanging = createInProcessLink('catalog', { execute: () => new Promise(() => {}) });
    const caller = createServiceCaller({
      service: 'search',
      subgraph: 'catalog',
      link: hanging,
      keys: testServiceKeys,
      timeoutMs: 40,
    });
    const start = performance.now();
    expect(await failureOf(caller.ask(question))).toMatchObject({ code: 'UPSTREAM_TIMEOUT' });
    expect(performance.now() - start).toBeLessThan(1_000);
  });

  it('is given up at the deadline, and not asked after it', async () => {
    const { caller, requests } = callerOf(hangs);
    const start = Date.now();
    expect(await failureOf(caller.ask({ ...question, deadline: start + 50 }))).toMatchObject({
      code: 'UPSTREAM_TIMEOUT',
    });
    expect(Date.now() - start).toBeLessThan(1_000);
    expect(await failureOf(caller.ask({ ...question, deadline: start }))).toMatchObject({
      code: 'UPSTREAM_TIMEOUT',
      message: expect.stringContaining('no time was left'),
    });
    expect(requests).toHaveLength(1);
  });

  it.each<[string, Send, RegExp]>([
    [
      'a dead subgraph',
      () => Promise.reject(new LinkError('UPSTREAM_UNAVAILABLE', 'status 500')),
      /status 500/,
    ],
    ['text that is no JSON', () => '<html>Bad gateway</html>', /JSON/],
    ['null', () => 'null', /expected object/],
    [
      'errors without data',
      () => ({ errors: [{ message: 'one' }, { message: 'two' }], data: null }),
      /one; two/,
    ],
    ['errors beside data', () => ({ errors: [{ message: 'no' }], data: { last: '1' } }), /: no$/],
    ['errors of a kind that nobody knows', () => ({ errors: 'no', data: { last: '1' } }), /errors/],
    ['data of another shape', () => ({ data: { last: 1 } }), /last/],
    ['no data', () => ({}), /data/],
  ])('fails with one kind of error after %s', async (_, send, reason) => {
    const error = await failureOf(callerOf(send).caller.ask(question));
    expect(error).toMatchObject({ code: 'UPSTREAM_UNAVAILABLE', subgraph: 'catalog' });
    expect(error.message).toMatch(reason);
    expect(error.cause).toBeInstanceOf(Error);
  });
});

describe('entries by ids', () => {
  const entry = z.object({ id: z.string(), n: z.number() });
  const query = 'query Some($ids: [ID!]!) { entries: some(ids: $ids) { id n } }';
  const ids = ['a', 'b', 'c', 'd', 'e'];
  const of = (id: string) => ({ id, n: id.charCodeAt(0) });

  function finderOf(entries: (asked: string[]) => unknown, chunkSize?: number) {
    const { caller, requests } = callerOf(({ body }) => ({
      data: { entries: entries(JSON.parse(body).variables.ids) },
    }));
    return { find: createFindByIds(caller, { query, entry, chunkSize }), requests };
  }

  it('come in the order of the ids, whatever the order of the answer, with null for an unknown one', async () => {
    const { find } = finderOf((asked) => asked.toReversed().map((id) => (id === 'b' ? null : of(id))));
    expect(await find(ids)).toEqual([of('a'), null, of('c'), of('d'), of('e')]);
  });

  it('are asked for in chunks, and not at all where there are none', async () => {
    const { find, requests } = finderOf((asked) => asked.map(of), 2);
    expect(await find(ids)).toEqual(ids.map(of));
    expect(requests.map(({ body }) => JSON.parse(body).variables.ids)).toEqual([
      ['a', 'b'],
      ['c', 'd'],
      ['e'],
    ]);
    expect(await find([])).toEqual([]);
    expect(requests).toHaveLength(3);
  });

  it.each<[string, (asked: string[]) => unknown]>([
    ['a shorter list', (asked) => asked.slice(1).map(of)],
    ['a longer list', (asked) => [...asked.map(of), null]],
    ['the same entry twice', (asked) => asked.map(() => of('a'))],
    ['an entry that was not asked for', () => [...ids.slice(1), 'z'].map(of)],
    ['an entry of another shape', (asked) => asked.map((id) => ({ id }))],
  ])('are refused as a whole after %s', async (_, entries) => {
    await failureOf(finderOf(entries).find(ids));
  });
});
