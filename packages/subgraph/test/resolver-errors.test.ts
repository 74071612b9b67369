import { MedleyError } from '@medley/errors';
import { createLogger } from '@medley/service';
import { createTestCaller, createTestVerifier, type TestCaller } from '@medley/testing';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createSubgraph, requireSignedIn, type Subgraph, type SubgraphContext } from '../src/index.ts';

describe('a resolver that throws', () => {
  let subgraph: Subgraph;
  let caller: TestCaller;
  let error: Error;
  const lines: string[] = [];
  beforeAll(async () => {
    subgraph = await createSubgraph({
      name: 'users',
      resolvers: {
        Query: {
          me: (_: unknown, __: unknown, { request }: SubgraphContext) => requireSignedIn(request),
          user: () => {
            throw error;
          },
        },
      },
      createContext: (request) => ({ request }),
      identity: createTestVerifier('users'),
      logger: createLogger('users', 'error', { write: (line) => void lines.push(line) }),
    });
    caller = createTestCaller(subgraph);
  });
  afterAll(() => subgraph.stop());
  beforeEach(() => {
    lines.length = 0;
  });

  it('tells the client nothing, and the log everything', async () => {
    error = new Error('relation users.accounts at postgresql://medley:hunter2@10.0.0.7');
    const { data, errors } = await caller.ask('{ user(id: "x") { displayName } }');
    expect(data).toEqual({ user: null });
    expect(errors).toEqual([
      expect.objectContaining({
        message: 'Something went wrong on our side.',
        path: ['user'],
        extensions: { code: 'INTERNAL' },
      }),
    ]);
    expect(JSON.stringify(errors)).not.toMatch(/hunter2|\.ts/);
    expect(JSON.parse(lines[0] ?? '{}')).toMatchObject({ requestId: 'test', msg: 'a resolver failed' });
    expect(lines[0]).toContain('relation users.accounts');
  });

  it('tells the client what was made for clients, and does not log it', async () => {
    error = new MedleyError('CONFLICT', 'Somebody else was faster.');
    const { errors } = await caller.ask('{ user(id: "x") { displayName } }');
    expect(errors).toMatchObject([
      { message: 'Somebody else was faster.', extensions: { code: 'CONFLICT' } },
    ]);
    expect(lines).toEqual([]);
  });

  it('says UNAUTHENTICATED where somebody has to be signed in', async () => {
    const { errors } = await caller.ask('{ me { email } }');
    expect(errors).toMatchObject([{ path: ['me'], extensions: { code: 'UNAUTHENTICATED' } }]);
  });
});
