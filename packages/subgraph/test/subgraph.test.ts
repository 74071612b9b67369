import { createLogger } from '@medley/service';
import { createTestCaller, createTestVerifier, silentLogger } from '@medley/testing';
import { afterEach, describe, expect, it } from 'vitest';
import { createSubgraph, type RequestInfo, type Subgraph } from '../src/index.ts';

let subgraph: Subgraph;
afterEach(() => subgraph.stop());

const identity = createTestVerifier('users');
const resolvers = {};
const createContext = (request: RequestInfo) => ({ request });

describe('a subgraph never throws', () => {
  it('when its verifier fails in a way that nobody expects: it logs that, and answers with 500', async () => {
    const lines: string[] = [];
    const logger = createLogger('users', 'error', { write: (line) => lines.push(line) });
    const broken = {
      verify() {
        throw new TypeError('a secret detail');
      },
    };
    subgraph = await createSubgraph({ name: 'users', resolvers, createContext, identity: broken, logger });
    const { status, body } = await subgraph.execute({ body: '{}', identity: undefined });
    expect(status).toBe(500);
    expect(JSON.parse(body).errors).toMatchObject([{ extensions: { code: 'INTERNAL' } }]);
    expect(body).not.toContain('secret');
    expect(lines.join('')).toContain('a secret detail');
  });

  it('when no context can be made', async () => {
    subgraph = await createSubgraph({
      name: 'users',
      resolvers,
      createContext: (): { request: RequestInfo } => {
        throw new Error('a secret detail');
      },
      identity,
      logger: silentLogger,
    });
    const { errors } = await createTestCaller(subgraph).ask('{ __typename }');
    expect(errors).toMatchObject([{ extensions: { code: 'INTERNAL' } }]);
    expect(JSON.stringify(errors)).not.toContain('secret');
  });

  it('when the request is not signed: that is 401', async () => {
    subgraph = await createSubgraph({
      name: 'users',
      resolvers,
      createContext,
      identity,
      logger: silentLogger,
    });
    expect(await subgraph.execute({ body: '{}', identity: undefined })).toMatchObject({ status: 401 });
  });
});
