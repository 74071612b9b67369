import { createCacheMetrics, openCache } from '@medley/cache';
import { readConfig } from '@medley/config';
import { createCursors } from '@medley/connection';
import { createOfferedEvents, openEventLog, startMakingTopics } from '@medley/event-log';
import { openSpool } from '@medley/event-log/spool';
import {
  playbackDecisions,
  playbackQuality,
  playbackState,
  playEvents,
  withItsLetters,
} from '@medley/events';
import { createIdentityVerifier } from '@medley/identity';
import { createChangeNotifier } from '@medley/live';
import { createLogger, createMetrics, runUntilSignal } from '@medley/service';
import { createUrlSigner } from '@medley/signed-url';
import { startSubgraph } from '@medley/subgraph';
import { createHttpLink } from '@medley/subgraph-link';
import { createCachedRecentReports } from './adapters/cached-recent-reports.ts';
import { createLinkAccountChanges } from './adapters/link-account-changes.ts';
import { createLinkAccountFacts } from './adapters/link-account-facts.ts';
import { createLinkCatalogFacts } from './adapters/link-catalog-facts.ts';
import { createLinkLicenceChanges } from './adapters/link-licence-changes.ts';
import { createMeasurementMeter } from './adapters/measurement-meter.ts';
import { createOfferedDecisionLog } from './adapters/offered-decision-log.ts';
import { createOfferedMeasurementLog } from './adapters/offered-measurement-log.ts';
import { createOfferedPlaybackStateChanges } from './adapters/offered-playback-state-changes.ts';
import { openDecisionStore } from './adapters/open-decision-store.ts';
import { openPlaybackSessions } from './adapters/open-playback-sessions.ts';
import { createPlayLogHealth } from './adapters/play-log-health.ts';
import { createPlaybackTokens } from './adapters/playback-tokens.ts';
import { createReportMeter } from './adapters/report-meter.ts';
import { createSampleAudioAssets } from './adapters/sample-audio-assets.ts';
import { createSpooledPlayLog } from './adapters/spooled-play-log.ts';
import { changeTopics, createApp, createPlaybackFacts, followDecisions } from './app.ts';
import { streamingConfig } from './config.ts';

const config = readConfig(streamingConfig, process.env);
const logger = createLogger('streaming', config.LOG_LEVEL);

await runUntilSignal(logger, async ({ crash }) => {
  const metrics = createMetrics({ runtime: true });
  const catalog = createHttpLink({ url: config.SUBGRAPH_URL_CATALOG });
  const users = createHttpLink({ url: config.SUBGRAPH_URL_USERS });
  const log = openEventLog(config, { logger, metrics, clientId: 'streaming' });
  const offered = { log, capacity: 10_000, logger, metrics };
  const stateEvents = createOfferedEvents({ ...offered, topic: playbackState });
  const decisionEvents = createOfferedEvents({ ...offered, topic: playbackDecisions });
  const measurementEvents = createOfferedEvents({ ...offered, topic: playbackQuality });
  const spool = await openSpool({
    folder: config.SPOOL_DIR,
    maxBytes: config.SPOOL_MAX_BYTES,
    log,
    logger,
    metrics,
  });
  const stopMakingTopics = startMakingTopics({
    log,
    topics: [playEvents, playbackDecisions, playbackQuality, playbackState].flatMap(withItsLetters),
    logger,
  });
  const decisions = openDecisionStore({ redisUrl: config.REDIS_URL, logger });
  const followedDecisions = followDecisions({ log, ...decisions, logger, metrics, onCrash: crash });
  const recentReports = openCache({
    memoryBytes: 32_000_000,
    redisUrl: config.REDIS_URL,
    metrics: createCacheMetrics(metrics),
    onLost: ({ message }) =>
      logger.warn({ reason: message }, 'no Redis: plays that are told again are stored again'),
    onBack: () => logger.info('Redis is back: plays that are told again are known'),
  });
  const toCatalog = { link: catalog, keys: config.SERVICE_KEYS_CATALOG, logger };
  const toUsers = { link: users, keys: config.SERVICE_KEYS_USERS, logger };
  const facts = createPlaybackFacts({
    catalogFacts: createLinkCatalogFacts(toCatalog),
    accountFacts: createLinkAccountFacts(toUsers),
    licenceChanges: createLinkLicenceChanges(toCatalog),
    accountChanges: createLinkAccountChanges(toUsers),
    entries: config.FACTS_CACHE_ENTRIES,
    eventLog: log,
    metrics,
    logger,
  });
  const stopFacts = facts.start();
  const sessions = openPlaybackSessions({ redisUrl: config.REDIS_URL, metrics, logger });
  const notifier = createChangeNotifier({ log, topics: changeTopics, logger });
  const subgraph = await createApp({
    facts,
    urlSigner: createUrlSigner({ keys: config.URL_SIGNING_KEYS, baseUrl: config.EDGE_BASE_URL }),
    playbackTokens: createPlaybackTokens({ keys: config.PLAYBACK_TOKEN_KEYS }),
    assets: createSampleAudioAssets(),
    decisions: {
      log: createOfferedDecisionLog({
        events: decisionEvents,
        grantsPerSample: config.DECISION_SAMPLE_GRANTS,
        metrics,
        // A store in memory would hear of it from the log too, a little later.
        onKept: decisions.shared ? undefined : (record) => void decisions.store.save([record]),
      }),
      store: decisions.store,
    },
    sessions: {
      store: sessions.store,
      changes: createOfferedPlaybackStateChanges({ events: stateEvents }),
    },
    notifier,
    cursors: createCursors(config.CURSOR_KEYS),
    reports: {
      log: createSpooledPlayLog({ spool, logger }),
      recent: createCachedRecentReports(recentReports),
      observe: createReportMeter(metrics),
    },
    measurements: {
      log: createOfferedMeasurementLog({ events: measurementEvents }),
      observe: createMeasurementMeter(metrics),
    },
    identity: createIdentityVerifier({ audience: 'streaming', keys: config.IDENTITY_KEYS_STREAMING }),
    logger,
  });
  const { HOST: host, PORT: port } = config;
  const findPlaysDegraded = createPlayLogHealth({ log, spool });
  const service = await startSubgraph(subgraph, {
    host,
    port,
    logger,
    metrics,
    drainMs: 2_000,
    findUnready: followedDecisions.findUnready,
    findDegraded: async () => [
      ...facts.findDegraded(),
      ...sessions.findDegraded(),
      ...(await findPlaysDegraded()),
    ],
  });
  return async () => {
    await service.stop();
    stopMakingTopics();
    await Promise.all([stopFacts(), notifier.stop()]);
    const offers = [stateEvents, decisionEvents, measurementEvents];
    await Promise.all([...offers.map((events) => events.stop()), followedDecisions.stop(), spool.stop()]);
    sessions.close();
    decisions.close();
    recentReports.close();
    await Promise.all([catalog.close(), users.close(), log.close()]);
  };
});
