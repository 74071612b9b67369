import { subscribe as hearOf } from 'node:diagnostics_channel';
import type { Server } from 'node:http';
import { createRouter, type LinkedSubgraph } from '@medley/router';
import { findViewerFields, readSupergraphSdl } from '@medley/schema';
import { createLogger, createMetrics } from '@medley/service';
import { parseSigningKeys } from '@medley/signing-keys';
import { createHttpLink } from '@medley/subgraph-link';
import { readCpuMs, readMemory } from './figures.ts';
import { ownOperation, playlistOperation } from './operations.ts';
import { answer } from './questions.ts';
import { openSlowDoor } from './slow-door.ts';
import type { SubgraphUrls } from './subgraphs-process.ts';

/** The process that is measured: the router as it is. Only who a token belongs to is not verified. */
const keys = parseSigningKeys(`bench:${Buffer.alloc(32, 7).toString('base64url')}`);
const urls = JSON.parse(process.argv[2] as string) as SubgraphUrls;
const slowDoorPath = process.argv[3] as string;
const link = (name: LinkedSubgraph) => createHttpLink({ url: urls[name] ?? 'http://127.0.0.1:9/graphql' });
const metrics = createMetrics();

const router = await createRouter({
  supergraphSdl: readSupergraphSdl(),
  links: {
    analytics: link('analytics'),
    catalog: link('catalog'),
    playlists: link('playlists'),
    recommendations: link('recommendations'),
    search: link('search'),
    streaming: link('streaming'),
    users: link('users'),
  },
  identityKeys: {
    analytics: keys,
    catalog: keys,
    playlists: keys,
    recommendations: keys,
    search: keys,
    streaming: keys,
    users: keys,
  },
  verifyCredential: async (token) => ({
    actor: { kind: 'viewer', id: `user_${token.padStart(26, '0')}`, sessionId: 'session', scopes: [] },
    country: 'DE',
    explicit: true,
    expiresAt: Date.now() + 3_600_000,
  }),
  geo: { countryOf: () => null },
  logger: createLogger('bench', 'error'),
  metrics,
  operations: [playlistOperation, ownOperation],
  viewerFields: findViewerFields(),
});

const service = await router.start({ host: '127.0.0.1', port: 0 });
const server = await findServer();
const closeSlowDoor = await openSlowDoor(server, slowDoorPath);

/** The HTTP server under the service, which does not show it. */
async function findServer(): Promise<Server> {
  const found = new Promise<Server>((resolve) => {
    hearOf('http.server.request.start', (message) => resolve((message as { server: Server }).server));
  });
  await fetch(`${service.url}/healthz`);
  return found;
}

const answers = {
  url: () => `${service.url.replace('http', 'ws')}/graphql`,
  memory: readMemory,
  cpuMs: readCpuMs,
  /** What it counts about subscriptions. */
  metrics: async () =>
    (await metrics.registry.metrics())
      .split('\n')
      .filter((line) => /^medley_router_(live|\w*stream)/.test(line)),
  async stop() {
    await closeSlowDoor();
    await service.stop();
  },
};
export type RouterAnswers = typeof answers;
answer(answers);
