import { createIdentitySigner } from '@medley/identity';
import { createTestVerifier, silentLogger, testKeys } from '@medley/testing';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createSubgraph, type RequestInfo, type Subgraph } from '../src/index.ts';

const body = JSON.stringify({ query: '{ me { email } }' });
const market = 'DE';

/** A header that is good for `body`, once, unless told otherwise. */
const sign = ({ audience = 'users', forBody = body, clock = Date.now } = {}) =>
  createIdentitySigner({ audience, keys: testKeys, reads: ['actor', 'market'], now: clock }).sign(
    { actor: { kind: 'anonymous' }, market, marketSource: 'ADDRESS', explicit: true, clientAddress: null },
    { body: forBody, requestId: 'request-1', deadline: Date.now() + 5_000 },
  );

describe('a subgraph', () => {
  let subgraph: Subgraph;
  const seen: RequestInfo[] = [];
  beforeAll(async () => {
    subgraph = await createSubgraph({
      name: 'users',
      resolvers: {
        Query: {
          me: (_: unknown, __: unknown, { request }: { request: RequestInfo }) => void seen.push(request),
        },
      },
      createContext: (request) => ({ request }),
      identity: createTestVerifier('users'),
      logger: silentLogger,
    });
  });
  afterAll(() => subgraph.stop());
  beforeEach(() => {
    seen.length = 0;
  });

  it('answers a signed request, and knows what was signed', async () => {
    const { status, body: answer } = await subgraph.execute({ body, identity: sign() });
    expect([status, JSON.parse(answer)]).toEqual([200, { data: { me: null } }]);
    expect(seen).toMatchObject([{ actor: { kind: 'anonymous' }, market, requestId: 'request-1' }]);
  });

  it.each([
    ['unsigned', () => undefined],
    ['signed with nothing', () => ''],
    ['signed for another body', () => sign({ forBody: JSON.stringify({ query: '{ me { tier } }' }) })],
    ['signed for another subgraph', () => sign({ audience: 'catalog' })],
    ['signed a minute ago', () => sign({ clock: () => Date.now() - 60_000 })],
    [
      'with claims that were altered',
      () => {
        const [version, kid, claims = '', mac] = sign().split('.');
        const altered = Buffer.from(claims, 'base64url').toString().replace(market, 'US');
        return [version, kid, Buffer.from(altered).toString('base64url'), mac].join('.');
      },
    ],
  ])('refuses a request that is %s, and runs nothing of it', async (_, header) => {
    const { status, body: answer } = await subgraph.execute({ body, identity: header() });
    expect(status).toBe(401);
    expect(JSON.parse(answer)).toEqual({
      errors: [
        {
          message: 'The request is not signed for this subgraph.',
          extensions: { code: 'UNAUTHENTICATED' },
        },
      ],
    });
    expect(seen).toEqual([]);
  });

  it('refuses a request that comes again', async () => {
    const identity = sign();
    expect((await subgraph.execute({ body, identity })).status).toBe(200);
    expect((await subgraph.execute({ body, identity })).status).toBe(401);
    expect(seen).toHaveLength(1);
  });

  it('answers 400 to a signed body that is not JSON', async () => {
    const { status, body: answer } = await subgraph.execute({ body: '{', identity: sign({ forBody: '{' }) });
    expect(status).toBe(400);
    expect(JSON.parse(answer).errors).toMatchObject([{ extensions: { code: 'BAD_USER_INPUT' } }]);
  });
});
