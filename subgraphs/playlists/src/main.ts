import { readConfig } from '@medley/config';
import { createCursors } from '@medley/connection';
import { openPostgres } from '@medley/database';
import { openEventLog } from '@medley/event-log';
import { createIdentityVerifier } from '@medley/identity';
import { createChangeNotifier } from '@medley/live';
import { createLogger, createMetrics, findSilent, runUntilSignal } from '@medley/service';
import { createServiceCaller } from '@medley/service-caller';
import type { SigningKeys } from '@medley/signing-keys';
import { startSubgraph } from '@medley/subgraph';
import { createHttpLink } from '@medley/subgraph-link';
import { createLinkAccountDirectory } from './adapters/link-account-directory.ts';
import { createLinkCatalogDirectory } from './adapters/link-catalog-directory.ts';
import { createLinkMixDirectory } from './adapters/link-mix-directory.ts';
import { createLinkPeer } from './adapters/link-peer.ts';
import { openRepositories } from './adapters/prisma-repositories.ts';
import { changeTopics, createApp, startCompaction, startRelays, startReplication } from './app.ts';
import { playlistsConfig } from './config.ts';

const config = readConfig(playlistsConfig, process.env);
const logger = createLogger('playlists', config.LOG_LEVEL);

await runUntilSignal(logger, async () => {
  const { HOST: host, PORT: port, REPLICA_ID: replica } = config;
  const metrics = createMetrics({ runtime: true });
  const database = openPostgres({
    url: config.DATABASE_URL_PLAYLISTS,
    onIdleError: (error) => logger.warn({ reason: error.message }, 'a connection to the database broke'),
  });
  const repositories = openRepositories(database);
  const { playlists, compaction, peerPositions: positions, relayed } = repositories;
  const log = openEventLog(config, { logger, metrics, clientId: 'playlists' });
  const notifier = createChangeNotifier({ log, topics: changeTopics, logger });
  const relays = startRelays({ ...relayed, log, logger, metrics });
  const open = (subgraph: string, url: string, keys: SigningKeys, timeoutMs: number) => {
    const link = createHttpLink({ url });
    return { link, caller: createServiceCaller({ service: 'playlists', subgraph, link, keys, timeoutMs }) };
  };
  // An edit waits for these, and stands unverified without them.
  const catalog = open('catalog', config.SUBGRAPH_URL_CATALOG, config.SERVICE_KEYS_CATALOG, 1_000);
  const users = open('users', config.SUBGRAPH_URL_USERS, config.SERVICE_KEYS_USERS, 1_000);
  // Copying a mix fails without it.
  const recommendations = open(
    'recommendations',
    config.SUBGRAPH_URL_RECOMMENDATIONS,
    config.SERVICE_KEYS_RECOMMENDATIONS,
    3_000,
  );
  const peers = config.PLAYLISTS_PEER_URLS.map((url) => ({
    url,
    ...open('playlists', url, config.SERVICE_KEYS_PLAYLISTS, 10_000),
  }));
  const app = await createApp({
    ...repositories,
    notifier: {
      ...notifier,
      // Who watches at another process hears of it by the log.
      notify(ids) {
        notifier.notify(ids);
        relays.nudge();
      },
    },
    catalog: createLinkCatalogDirectory({ caller: catalog.caller, logger }),
    accounts: createLinkAccountDirectory({ caller: users.caller, logger }),
    mixes: createLinkMixDirectory({ caller: recommendations.caller }),
    cursors: createCursors(config.CURSOR_KEYS),
    identity: createIdentityVerifier({
      audience: 'playlists',
      keys: config.IDENTITY_KEYS_PLAYLISTS,
      serviceKeys: config.SERVICE_KEYS_PLAYLISTS,
    }),
    logger,
    metrics,
    replica,
  });
  const service = await startSubgraph(app, {
    host,
    port,
    logger,
    metrics,
    drainMs: 2_000,
    findUnready: () => findSilent({ 'the database': repositories.ping }),
    findDegraded: async () => [
      ...(await findSilent({ 'the event log': () => log.ping(1_000) })),
      ...relays.findDegraded(),
    ],
  });
  const stopReplication = startReplication({
    peers: peers.map(createLinkPeer),
    positions,
    playlists,
    logger,
    metrics,
  });
  const stopCompaction = startCompaction({ playlists, compaction, replica, logger, metrics });
  return async () => {
    await Promise.all([service.stop(), stopReplication(), stopCompaction()]);
    await Promise.all([relays.stop(), notifier.stop()]);
    await log.close();
    await Promise.all([catalog, users, recommendations, ...peers].map(({ link }) => link.close()));
    await repositories.close();
    await database.close();
  };
});
