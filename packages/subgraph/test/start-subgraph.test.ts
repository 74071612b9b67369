import { createMetrics } from '@medley/service';
import { createTestVerifier, silentLogger } from '@medley/testing';
import { expect, it } from 'vitest';
import { createSubgraph, startSubgraph } from '../src/index.ts';

it('stays in the balancer when it can do without what is missing, and says what that is', async () => {
  const subgraph = await createSubgraph({
    name: 'users',
    resolvers: {},
    createContext: (request) => ({ request }),
    identity: createTestVerifier('users'),
    logger: silentLogger,
  });
  const degraded = ['the event log does not answer'];
  const service = await startSubgraph(subgraph, {
    host: '127.0.0.1',
    port: 0,
    logger: silentLogger,
    metrics: createMetrics(),
    findDegraded: () => degraded,
  });
  try {
    const response = await fetch(`${service.url}/readyz`);
    expect([response.status, await response.json()]).toEqual([200, { ready: true, unready: [], degraded }]);
  } finally {
    await service.stop();
  }
});
