import { join } from 'node:path';
import { createMemoryCache } from '@medley/cache';
import type { Cursors } from '@medley/connection';
import { createOfferedEvents, type EventLog } from '@medley/event-log';
import { openSpool } from '@medley/event-log/spool';
import { playbackDecisions, playbackQuality, playbackState } from '@medley/events';
import { createIdentityVerifier } from '@medley/identity';
import { createChangeNotifier } from '@medley/live';
import type { Logger, Metrics } from '@medley/service';
import { createUrlSigner } from '@medley/signed-url';
import { parseSigningKeys, type SigningKeys } from '@medley/signing-keys';
import { changeTopics, createApp, createPlaybackFacts, type PlaybackFacts } from '@medley/streaming';
import { createCachedRecentReports } from '@medley/streaming/adapters/cached-recent-reports';
import { createGuardedPlaybackSessions } from '@medley/streaming/adapters/guarded-playback-sessions';
import { createLinkAccountChanges } from '@medley/streaming/adapters/link-account-changes';
import { createLinkAccountFacts } from '@medley/streaming/adapters/link-account-facts';
import { createLinkCatalogFacts } from '@medley/streaming/adapters/link-catalog-facts';
import { createLinkLicenceChanges } from '@medley/streaming/adapters/link-licence-changes';
import { createMeasurementMeter } from '@medley/streaming/adapters/measurement-meter';
import { createMemoryDecisionStore } from '@medley/streaming/adapters/memory-decision-store';
import { createMemoryPlaybackSessions } from '@medley/streaming/adapters/memory-playback-sessions';
import { createOfferedDecisionLog } from '@medley/streaming/adapters/offered-decision-log';
import { createOfferedMeasurementLog } from '@medley/streaming/adapters/offered-measurement-log';
import { createOfferedPlaybackStateChanges } from '@medley/streaming/adapters/offered-playback-state-changes';
import { createPlaybackTokens } from '@medley/streaming/adapters/playback-tokens';
import { createReportMeter } from '@medley/streaming/adapters/report-meter';
import { createSampleAudioAssets } from '@medley/streaming/adapters/sample-audio-assets';
import { createSpooledPlayLog } from '@medley/streaming/adapters/spooled-play-log';
import { keepTailedDecisions } from '@medley/streaming/consumers/keep-decisions';
import type { Subgraph } from '@medley/subgraph';
import type { SubgraphLink } from '@medley/subgraph-link';
import type { Secrets } from './secrets.ts';
import type { Teardown } from './teardown.ts';

export interface StreamingParts {
  /** The data folder, held by this process. */
  readonly folder: string;
  readonly eventLog: EventLog;
  readonly secrets: Secrets;
  readonly identityKeys: SigningKeys;
  readonly cursors: Cursors;
  readonly catalog: { readonly link: SubgraphLink; readonly keys: SigningKeys };
  readonly users: { readonly link: SubgraphLink; readonly keys: SigningKeys };
  /** The edge as clients reach it. */
  readonly edgeUrl: string;
  readonly logger: Logger;
  readonly metrics: Metrics;
  readonly teardown: Teardown;
}

/** How far back decisions are read at a start, so that support finds them again. */
const decisionsKeptMs = 86_400_000;

/**
 * The streaming subgraph: sessions in this process, plays and decisions in the event log.
 * @returns the subgraph, and its facts; they are not followed yet
 */
export async function openStreaming(parts: StreamingParts): Promise<{ app: Subgraph; facts: PlaybackFacts }> {
  const { folder, eventLog: log, secrets, catalog, users, edgeUrl, logger, metrics, teardown } = parts;
  const spool = await openSpool({
    folder: join(folder, 'spool'),
    log,
    maxBytes: 64 * 2 ** 20,
    logger,
    metrics,
  });
  teardown.add(() => spool.stop());
  const offered = { log, capacity: 10_000, logger, metrics };
  const decided = createOfferedEvents({ ...offered, topic: playbackDecisions });
  const played = createOfferedEvents({ ...offered, topic: playbackState });
  const measured = createOfferedEvents({ ...offered, topic: playbackQuality });
  teardown.add(() => Promise.all([decided.stop(), played.stop(), measured.stop()]));

  const decisions = createMemoryDecisionStore();
  const tail = await log.tail({
    topic: playbackDecisions.name,
    from: new Date(Date.now() - decisionsKeptMs),
    handle: keepTailedDecisions(decisions),
    onCrash: (error) => logger.warn({ err: error }, 'decisions of before are not found'),
  });
  teardown.add(() => tail.stop());

  const facts = createPlaybackFacts({
    catalogFacts: createLinkCatalogFacts({ ...catalog, logger }),
    accountFacts: createLinkAccountFacts({ ...users, logger }),
    licenceChanges: createLinkLicenceChanges(catalog),
    accountChanges: createLinkAccountChanges(users),
    entries: 20_000,
    eventLog: log,
    metrics,
    logger,
  });
  const notifier = createChangeNotifier({ log, topics: changeTopics, logger });
  teardown.add(() => notifier.stop());
  const app = await createApp({
    facts,
    urlSigner: createUrlSigner({ keys: parseSigningKeys(secrets.urlSigningKeys), baseUrl: edgeUrl }),
    playbackTokens: createPlaybackTokens({ keys: parseSigningKeys(secrets.playbackTokenKeys) }),
    assets: createSampleAudioAssets(),
    decisions: {
      log: createOfferedDecisionLog({
        events: decided,
        grantsPerSample: 1,
        metrics,
        onKept: (record) => void decisions.save([record]),
      }),
      store: decisions,
    },
    sessions: {
      store: createGuardedPlaybackSessions(createMemoryPlaybackSessions(), { metrics }),
      changes: createOfferedPlaybackStateChanges({ events: played }),
    },
    notifier,
    cursors: parts.cursors,
    reports: {
      log: createSpooledPlayLog({ spool, logger }),
      recent: createCachedRecentReports(createMemoryCache({ maxBytes: 8 * 2 ** 20 })),
      observe: createReportMeter(metrics),
    },
    measurements: {
      log: createOfferedMeasurementLog({ events: measured }),
      observe: createMeasurementMeter(metrics),
    },
    identity: createIdentityVerifier({ audience: 'streaming', keys: parts.identityKeys }),
    logger,
  });
  return { app, facts };
}
