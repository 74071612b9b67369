import { createLogger } from '@medley/service';
import { parseSigningKeys } from '@medley/signed-url';
import { createEdge } from '../../src/app.ts';
import { edgeContract } from './edge-contract.ts';

edgeContract('the embedded edge', async ({ signingKeys, ...settings }) => {
  const edge = createEdge({
    ...settings,
    keys: parseSigningKeys(signingKeys),
    logger: createLogger('edge', 'silent'),
    lingerMs: 100,
  });
  const service = await edge.start({ host: '127.0.0.1', port: 0 });
  return { baseUrl: service.url, stop: () => service.stop() };
});
