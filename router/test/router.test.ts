import { describe, expect, it } from 'vitest';
import { ask, ids, openTestRouter } from './stub-subgraphs.ts';

const { stubs, router } = await openTestRouter();

describe('the supergraph', () => {
  it('answers from several subgraphs in one operation', async () => {
    const { status, data, errors } = await ask(
      router,
      '{ artists(first: 1) { nodes { name topTracks(first: 2) { nodes { title playability { playable } } } } } }',
    );
    expect(errors).toEqual([]);
    expect(status).toBe(200);
    expect(data.artists.nodes[0].topTracks.nodes[0]).toEqual({
      title: 'One',
      playability: { playable: false },
    });
  });

  it('lets clients keep an answer as long as every subgraph allows, and shared caches never', async () => {
    const anybody = await ask(router, `{ track(id: "${ids.track}") { title } }`);
    expect(anybody.headers['cache-control']).toBe('max-age=300, private');
    const own = await ask(router, '{ me { email } }', { token: 'listener' });
    expect(own.headers['cache-control']).toBe('no-store');
  });
});

describe('errors', () => {
  it('hides what a subgraph did not mean for clients', async () => {
    const { data, errors, text } = await ask(router, '{ genre(slug: "jazz") { name } }');
    expect(data).toEqual({ genre: null });
    expect(errors).toMatchObject([
      { path: ['genre'], extensions: { code: 'INTERNAL', requestId: 'request-1' } },
    ]);
    expect(text).not.toMatch(/secrets|10\.0\.0\.7|serviceName|stacktrace|catalog/);
  });

  it('keeps the code and the message that a subgraph meant for clients', async () => {
    const { errors } = await ask(router, '{ nodes(ids: ["nonsense"]) { id } }');
    expect(errors).toMatchObject([
      {
        path: ['nodes'],
        message: expect.stringContaining('nonsense'),
        extensions: { code: 'BAD_USER_INPUT' },
      },
    ]);
    expect(errors[0]?.extensions).toEqual({ code: 'BAD_USER_INPUT', requestId: 'request-1' });
  });

  it('says NOT_FOUND, once, where a reference leads to an entity that is gone', async () => {
    const { data, errors, text } = await ask(
      router,
      `{ playbackUrl(trackId: "${ids.stale}", quality: HIGH) { ... on SignInRequired { code track { title durationMs } } } }`,
    );
    expect(data).toEqual({ playbackUrl: { code: 'SIGN_IN_REQUIRED', track: null } });
    expect(errors).toMatchObject([{ path: ['playbackUrl', 'track'], extensions: { code: 'NOT_FOUND' } }]);
    expect(text).not.toContain('valueCompletion');
  });

  it('answers variables of a wrong type with BAD_USER_INPUT and 400', async () => {
    const query = 'query ($first: Int) { artists(first: $first) { nodes { name } } }';
    const { status, errors } = await ask(router, query, { variables: { first: 'many' } });
    expect(status).toBe(400);
    expect(errors).toMatchObject([
      { message: expect.stringContaining('$first'), extensions: { code: 'BAD_USER_INPUT' } },
    ]);
  });

  it.each([
    ['a document that is not GraphQL', '{ track(', undefined],
    ['a field that is not there', '{ nothing }', undefined],
    ['an operation that is not there', 'query A { me { email } }', 'B'],
    ['an operation that is not named', 'query A { me { email } } query B { me { email } }', undefined],
  ])('answers %s with BAD_USER_INPUT and 400', async (_, query, operationName) => {
    const { status, errors } = await ask(router, query, { operationName });
    expect(status).toBe(400);
    expect(errors[0]?.extensions).toEqual({ code: 'BAD_USER_INPUT', requestId: 'request-1' });
  });

  it.each([
    ['no object', null],
    ['a batch', [{ query: '{ me { email } }' }]],
    ['without a query', {}],
    ['variables that are a list', { query: '{ me { email } }', variables: [] }],
  ])('refuses a body that is %s', async (_, body) => {
    const { status, body: text } = await router.execute({
      body,
      authorization: undefined,
      address: undefined,
      requestId: 'request-1',
    });
    expect(status).toBe(400);
    expect(JSON.parse(text).errors[0].extensions.code).toBe('BAD_USER_INPUT');
  });
});

describe('identity', () => {
  it('gives each subgraph the claims that it declares, and no others', async () => {
    stubs.requests.catalog.length = 0;
    stubs.requests.users.length = 0;
    await ask(router, '{ artists(first: 1) { nodes { name } } me { email } }', {
      token: 'listener',
      // As a socket for both families shows an IPv4 caller.
      address: '::ffff:91.64.0.1',
    });
    expect(stubs.requests.catalog[0]).toMatchObject({
      actor: { kind: 'anonymous' },
      market: 'DE',
      explicit: false,
      clientAddress: null,
    });
    expect(stubs.requests.users[0]).toMatchObject({
      actor: { kind: 'viewer', id: ids.user },
      clientAddress: '91.64.0.1',
    });
  });

  it('tells each subgraph who changes something', async () => {
    stubs.requests.catalog.length = 0;
    const query = `mutation { trackWithdraw(input: { trackId: "${ids.track}" }) { userErrors { code } } }`;
    await ask(router, query, { token: 'owner' });
    expect(stubs.requests.catalog).toMatchObject([
      { actor: { kind: 'viewer', id: ids.user, scopes: ['catalog:write'] } },
    ]);
  });

  it('takes the market from the address, then from the account, then from nowhere', async () => {
    const marketOf = async (options: object) => {
      stubs.requests.streaming.length = 0;
      await ask(router, `{ playbackUrl(trackId: "${ids.track}", quality: LOW) { __typename } }`, options);
      const { market, marketSource } = stubs.requests.streaming[0] ?? {};
      return [market, marketSource];
    };
    expect(await marketOf({ token: 'listener', address: '91.64.0.1' })).toEqual(['DE', 'ADDRESS']);
    expect(await marketOf({ token: 'listener', address: '127.0.0.1' })).toEqual(['BR', 'ACCOUNT']);
    expect(await marketOf({})).toEqual([null, null]);
  });

  it('refuses a bad token with 401 and never makes its sender anonymous', async () => {
    stubs.requests.users.length = 0;
    for (const authorization of ['Bearer forged', 'Bearer', 'Basic bWU6bWU=', '', 'listener']) {
      const response = await router.execute({
        body: { query: '{ me { email } }' },
        authorization,
        address: undefined,
        requestId: 'request-1',
      });
      expect([authorization, response.status]).toEqual([authorization, 401]);
      // RFC 6750 section 3.1: an error is named to those who sent a token, and not to the others.
      expect(response.headers['www-authenticate']).toBe(
        authorization === 'Bearer forged' ? 'Bearer error="invalid_token"' : 'Bearer',
      );
      expect(JSON.parse(response.body).errors[0].extensions.code).toBe('UNAUTHENTICATED');
    }
    expect(stubs.requests.users).toEqual([]);
  });
});

describe('scopes', () => {
  const query = 'mutation { userTierSet(input: { userId: "user_1", tier: PREMIUM }) { tier } }';

  it('refuses before anything runs, and says what is missing', async () => {
    stubs.requests.users.length = 0;
    const stranger = await ask(router, query);
    expect(stranger).toMatchObject({ status: 401, errors: [{ extensions: { code: 'UNAUTHENTICATED' } }] });
    expect(stranger.headers['www-authenticate']).toBe('Bearer');
    const listener = await ask(router, query, { token: 'listener' });
    expect(listener).toMatchObject({
      status: 403,
      errors: [{ extensions: { code: 'FORBIDDEN', missingScopes: ['users:admin'] } }],
    });
    expect(stubs.requests.users).toEqual([]);
  });

  it('lets through who has them', async () => {
    const { data, errors } = await ask(router, query, { token: 'admin' });
    expect(errors).toEqual([]);
    expect(data).toEqual({ userTierSet: { tier: 'PREMIUM' } });
  });
});
