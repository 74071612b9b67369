import { hasNginx, startTestNginx, type TestNginx } from '@medley/testing/nginx';
import { describe } from 'vitest';
import { edgeContract } from './edge-contract.ts';

describe.skipIf(!hasNginx('the contract of the edge, by nginx'))('nginx', () => {
  edgeContract('nginx alone', async (settings) => {
    const edge = await start(settings);
    return { baseUrl: edge.url, stop: edge.stop };
  });

  edgeContract('nginx behind its shield', async (settings) => {
    const shield = await start({ ...settings, role: 'shield' });
    const edge = await start({ ...settings, originUrl: shield.url });
    return {
      baseUrl: edge.url,
      async stop() {
        await edge.stop();
        await shield.stop();
      },
    };
  });
});

async function start(settings: Parameters<typeof startTestNginx>[0]): Promise<TestNginx> {
  const nginx = await startTestNginx(settings);
  if (!nginx) throw new Error('There was an nginx a moment ago');
  return nginx;
}
