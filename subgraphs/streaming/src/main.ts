import { openCache } from '@medley/cache';
import { readConfig } from '@medley/config';
import { createOfferedEvents, openEventLog } from '@medley/event-log';
import { playbackState } from '@medley/events';
import { createIdentityVerifier } from '@medley/identity';
import { createLogger, createMetrics, runUntilSignal } from '@medley/service';
import { createUrlSigner } from '@medley/signed-url';
import { startSubgraph } from '@medley/subgraph';
import { createHttpLink } from '@medley/subgraph-link';
import { createCachedRecentReports } from './adapters/cached-recent-reports.ts';
import { createLinkAccountFacts } from './adapters/link-account-facts.ts';
import { createLinkCatalogFacts } from './adapters/link-catalog-facts.ts';
import { createMemoryDecisionStore } from './adapters/memory-decision-store.ts';
import { createOfferedDecisionLog } from './adapters/offered-decision-log.ts';
import { createOfferedPlaybackStateChanges } from './adapters/offered-playback-state-changes.ts';
import { openPlaybackSessions } from './adapters/open-playback-sessions.ts';
import { createPlaybackTokens } from './adapters/playback-tokens.ts';
import { createReportMeter } from './adapters/report-meter.ts';
import { createSampleAudioAssets } from './adapters/sample-audio-assets.ts';
import { createApp } from './app.ts';
import { streamingConfig } from './config.ts';

const config = readConfig(streamingConfig, process.env);
const logger = createLogger('streaming', config.LOG_LEVEL);

await runUntilSignal(logger, async () => {
  const metrics = createMetrics({ runtime: true });
  const catalog = createHttpLink({ url: config.SUBGRAPH_URL_CATALOG });
  const users = createHttpLink({ url: config.SUBGRAPH_URL_USERS });
  const decisionStore = createMemoryDecisionStore();
  const log = openEventLog(config, { logger, metrics, clientId: 'streaming' });
  const stateEvents = createOfferedEvents({ log, topic: playbackState, capacity: 10_000, logger, metrics });
  const sessions = openPlaybackSessions({ redisUrl: config.REDIS_URL, metrics, logger });
  const subgraph = await createApp({
    catalogFacts: createLinkCatalogFacts({ link: catalog, keys: config.SERVICE_KEYS_CATALOG, logger }),
    accountFacts: createLinkAccountFacts({ link: users, keys: config.SERVICE_KEYS_USERS, logger }),
    urlSigner: createUrlSigner({ keys: config.URL_SIGNING_KEYS, baseUrl: config.EDGE_BASE_URL }),
    playbackTokens: createPlaybackTokens({ keys: config.PLAYBACK_TOKEN_KEYS }),
    assets: createSampleAudioAssets(),
    decisions: {
      log: createOfferedDecisionLog({
        events: { offer() {} },
        grantsPerSample: 100,
        metrics,
        onKept: (record) => void decisionStore.save([record]),
      }),
      store: decisionStore,
    },
    sessions: {
      store: sessions.store,
      changes: createOfferedPlaybackStateChanges({ events: stateEvents }),
    },
    reports: {
      log: { append: async () => 'REFUSED' },
      recent: createCachedRecentReports(openCache({ memoryBytes: 32_000_000, onLost() {} })),
      observe: createReportMeter(metrics),
    },
    identity: createIdentityVerifier({ audience: 'streaming', keys: config.IDENTITY_KEYS_STREAMING }),
    logger,
  });
  const { HOST: host, PORT: port } = config;
  const service = await startSubgraph(subgraph, {
    host,
    port,
    logger,
    metrics,
    drainMs: 2_000,
    findDegraded: sessions.findDegraded,
  });
  return async () => {
    await service.stop();
    await stateEvents.stop();
    sessions.close();
    await Promise.all([catalog.close(), users.close(), log.close()]);
  };
});
