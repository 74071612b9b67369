import type { Cursors } from '@medley/connection';
import { type EventLog, isTransientError } from '@medley/event-log';
import { modelKey, recommendationsTopic } from '@medley/events';
import type { IdentityVerifier } from '@medley/identity';
import { createChangeNotifier, createRetryWhileAway } from '@medley/live';
import type { Logger, Metrics } from '@medley/service';
import type { Subgraph } from '@medley/subgraph';
import { type Archiving, startArchiving } from './archive/start-archiving.ts';
import { createCachedCatalogFacts } from './cached-catalog-facts.ts';
import { createApp } from './create-app.ts';
import type { ArchiveStore } from './domain/archive-store.ts';
import type { CatalogCopy } from './domain/catalog-copy.ts';
import type { CatalogFacts } from './domain/catalog-facts.ts';
import type { ToldModelReader } from './domain/models.ts';
import type { RadioSessions } from './domain/radio-sessions.ts';
import type { ScheduledWork } from './domain/scheduled-work.ts';
import type { FastTasteProfiles } from './domain/taste-profile.ts';
import type { UserData } from './domain/user-data.ts';
import type { WaitingPlays } from './domain/waiting-plays.ts';
import { startFollowingCatalog } from './follow-catalog.ts';
import { createFollowedTopics } from './followed-topics.ts';
import { createLive } from './live/start-live.ts';
import { createUpdates } from './live/updates.ts';
import { createMixMaker } from './mixes/mix-maker.ts';
import { startMixSchedule } from './mixes/mix-schedule.ts';

export interface RecommendationsParts {
  readonly rows: {
    readonly catalogCopy: CatalogCopy;
    readonly facts: CatalogFacts;
    readonly models: ToldModelReader;
    readonly waitingPlays: WaitingPlays;
    readonly scheduledWork: ScheduledWork;
    readonly tryHold: Parameters<typeof startArchiving>[0]['tryHold'];
  };
  readonly userData: UserData;
  readonly fastProfiles: FastTasteProfiles;
  readonly radioSessions: RadioSessions;
  readonly archiveStore: ArchiveStore;
  readonly log: EventLog;
  readonly cursors: Cursors;
  readonly identity: IdentityVerifier;
  readonly logger: Logger;
  readonly metrics: Metrics;
  /** Told once when something that is followed is followed no more, for good. */
  readonly onCrash: (error: Error) => void;
  /** How long plays wait until they are in the archive, in milliseconds; 5 minutes unless told otherwise. */
  readonly archiveFlushMs?: number;
  /** How many plays a file of the archive has at most; 50,000 unless told otherwise. */
  readonly archivePartPlays?: number;
}

export interface Recommendations {
  readonly app: Subgraph;
  /** Begins to follow what happens. Once. */
  start(): FollowingRecommendations;
  /** The app is stopped by who serves it, before that, and what was started by itself. */
  stop(): Promise<void>;
}

export interface FollowingRecommendations {
  readonly archiving: Archiving;
  /** What is wrong for good, for `/readyz`. */
  findUnready(): string[];
  stop(): Promise<void>;
}

/** The subgraph, and what it follows by itself once it is started. */
export async function createRecommendations(parts: RecommendationsParts): Promise<Recommendations> {
  const { rows, userData, fastProfiles, radioSessions, archiveStore, cursors, identity } = parts;
  const { log, logger, metrics, onCrash } = parts;
  const following = { log, logger, metrics, onCrash };
  const facts = createCachedCatalogFacts(rows.facts, { metrics });
  const live = createLive({ ...following, userData, fastProfiles, facts });
  const { history, mixes } = userData;
  const mixMaker = createMixMaker({
    // It looks at all that an account ever heard: in the cache that would be in the place of what others are asked for now.
    ...{
      history,
      mixes,
      profiles: live.profiles,
      facts: rows.facts,
      models: rows.models,
      log,
      logger,
      metrics,
    },
  });
  const notifier = createChangeNotifier({
    log,
    topics: [
      {
        topic: recommendationsTopic.name,
        keysOf({ key }) {
          if (key !== modelKey) return [key];
          rows.models.noteSwap();
          return 'everyone';
        },
      },
    ],
    logger,
  });
  const updates = createUpdates({
    versions: userData.versions,
    models: rows.models,
    profiles: live.profiles,
    notifier,
    retryWhileAway: createRetryWhileAway({
      isAway: isTransientError,
      onAway: (error) => logger.warn({ err: error }, 'nobody can be told of new recommendations'),
      onBack: () => logger.info('new recommendations can be told again'),
    }),
  });
  const app = await createApp({
    history,
    library: userData.library,
    mixes,
    mixMaker,
    profiles: live.profiles,
    caughtUp: live.caughtUp,
    lag: live.playLag,
    facts,
    models: rows.models,
    radioSessions,
    followed: createFollowedTopics(log),
    archive: { archivedUntil: () => rows.waitingPlays.findArchivedUntil(new Date()) },
    updates,
    cursors,
    identity,
    logger,
    metrics,
  });
  return {
    app,
    start() {
      const archiving = startArchiving({
        ...following,
        waiting: rows.waitingPlays,
        store: archiveStore,
        tryHold: rows.tryHold,
        flushMs: parts.archiveFlushMs,
        partPlays: parts.archivePartPlays,
      });
      const followed = [
        startFollowingCatalog({ ...following, copy: rows.catalogCopy }),
        live.start(),
        archiving,
      ];
      const { scheduledWork: work, tryHold } = rows;
      const schedule = { maker: mixMaker, history, mixes, work, tryHold, logger, metrics };
      const stopMixSchedule = startMixSchedule(schedule);
      return {
        archiving,
        findUnready: () => followed.flatMap((part) => part.findUnready()),
        stop: async () =>
          void (await Promise.all([...followed.map((part) => part.stop()), stopMixSchedule()])),
      };
    },
    async stop() {
      live.stop();
      await notifier.stop();
    },
  };
}
