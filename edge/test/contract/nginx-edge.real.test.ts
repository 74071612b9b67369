import { hasNginx, startTestNginx, type TestNginx } from '@medley/testing/nginx';
import { describe } from 'vitest';
import { edgeContract } from './edge-contract.ts';

const started = async (settings: Parameters<typeof startTestNginx>[0]): Promise<TestNginx> => {
  const nginx = await startTestNginx(settings);
  if (!nginx) throw new Error('nginx was there a moment ago');
  return nginx;
};

describe.skipIf(!hasNginx('the contract of the edge, by nginx'))('nginx', () => {
  edgeContract('nginx', async (settings) => {
    const edge = await started(settings);
    return { baseUrl: edge.url, stop: edge.stop };
  });
});
