import { hash } from 'node:crypto';
import type { Cursors } from '@medley/connection';
import { isCountryCode } from '@medley/countries';
import { playbackState } from '@medley/events';
import type { ClaimName, IdentityVerifier } from '@medley/identity';
import { encodeId, newUuid } from '@medley/ids';
import { type ChangeNotifier, type ChangeNotifierOptions, createRetryWhileAway } from '@medley/live';
import type { Logger } from '@medley/service';
import { audioFormats, type UrlSigner } from '@medley/signed-url';
import { createSubgraph, type RequestInfo, type Subgraph } from '@medley/subgraph';
import type { Context } from './context.ts';
import type { DecisionLog, DecisionStore } from './domain/decision-record.ts';
import { createPlayReports, type PlayReportsDependencies } from './domain/play-reports.ts';
import { createPlayback, type Listener, type PlaybackDependencies } from './domain/playback.ts';
import type { AudioAssets, PlaybackTokens } from './domain/playback-ports.ts';
import { type PlaybackSessions, SessionsUnavailableError } from './domain/playback-sessions.ts';
import type { PlaybackStateChanges } from './domain/playback-state-changes.ts';
import { createPlayerControl, type PlayerControlDependencies } from './domain/player-control.ts';
import { createQualityReports, type QualityReportsDependencies } from './domain/quality-reports.ts';
import { createPlaybackWatch, type WatchPlayback } from './domain/watch-playback.ts';
import { createLoaders } from './loaders.ts';
import type { PlaybackFacts } from './playback-facts.ts';
import { resolvers } from './resolvers/index.ts';

export { type FollowDecisionsOptions, followDecisions } from './follow-decisions.ts';
export { createPlaybackFacts, type PlaybackFacts, type PlaybackFactsOptions } from './playback-facts.ts';

/** The claims that this subgraph reads. */
export const reads: readonly ClaimName[] = ['actor', 'market', 'marketSource', 'explicit'];

/** What tells that accounts play something else, or next. */
export const changeTopics: ChangeNotifierOptions['topics'] = [
  { topic: playbackState.name, keysOf: ({ key }) => [key] },
];

export interface AppDependencies {
  /** What decisions rest on. Whoever made it starts it, and stops it after the subgraph. */
  readonly facts: Pick<PlaybackFacts, 'tracks' | 'viewers'>;
  readonly urlSigner: UrlSigner;
  readonly playbackTokens: PlaybackTokens;
  readonly assets: AudioAssets;
  /** What becomes of decisions, and where support reads them. */
  readonly decisions: { readonly log: DecisionLog; readonly store: Pick<DecisionStore, 'find'> };
  /** What accounts play, and who is told when that changes. */
  readonly sessions: { readonly store: PlaybackSessions; readonly changes: PlaybackStateChanges };
  /** Notified of the ids of accounts that play something else, or next, on whichever process they did. */
  readonly notifier: Pick<ChangeNotifier, 'watch' | 'notify'>;
  readonly cursors: Cursors;
  /** Where reported plays go. */
  readonly reports: Pick<PlayReportsDependencies, 'log' | 'recent' | 'observe'>;
  /** Where measurements of how playing felt go. */
  readonly measurements: Pick<QualityReportsDependencies, 'log' | 'observe'>;
  readonly identity: IdentityVerifier;
  readonly logger: Logger;
  /** Milliseconds since 1970. */
  readonly clock?: () => number;
}

/** The streaming subgraph, without a transport. */
export function createApp(dependencies: AppDependencies): Promise<Subgraph> {
  const { facts, urlSigner, identity, logger, clock = Date.now } = dependencies;
  const playback: PlaybackDependencies = {
    formats: audioFormats,
    assets: dependencies.assets,
    tokens: dependencies.playbackTokens,
    decisions: dependencies.decisions.log,
    signUrl: (request) => urlSigner.sign({ ...request, extension: audioFormats[request.quality].extension }),
    newDecisionId: () => encodeId('decision', newUuid()),
    clock,
    random: Math.random,
  };
  const judging = {
    tokens: dependencies.playbackTokens,
    // 132 bits of it.
    hash: (text: string) => hash('sha256', text, 'base64url').slice(0, 22),
    clock,
  };
  const reports = createPlayReports({ ...dependencies.reports, ...judging, random: Math.random });
  const qualityReports = createQualityReports({ ...dependencies.measurements, ...judging });
  const sessions: PlayerControlDependencies = {
    sessions: dependencies.sessions.store,
    changes: alsoNotifying(dependencies.sessions.changes, dependencies.notifier),
    newSessionId: () => encodeId('session', newUuid()),
  };
  const watchPlayback = createWatch(dependencies);
  const { store: decisions } = dependencies.decisions;
  return createSubgraph<Context>({
    name: 'streaming',
    resolvers,
    identity,
    logger,
    createContext: (request) => {
      const loaders = createLoaders({ ...facts, request });
      const listener = createPlayback(playback, toListener(request), loaders);
      const player = createPlayerControl(sessions, listener, loaders);
      return {
        ...{ request, playback: listener, player, watchPlayback, cursors: dependencies.cursors },
        ...{ reports, qualityReports, decisions },
      };
    },
  });
}

/** Who follows here need not wait until the event log has told it. */
const alsoNotifying = (
  changes: PlaybackStateChanges,
  notifier: Pick<ChangeNotifier, 'notify'>,
): PlaybackStateChanges => ({
  sessionChanged(accountId, state, session) {
    changes.sessionChanged(accountId, state, session);
    notifier.notify([accountId]);
  },
  queueChanged(accountId, queue) {
    changes.queueChanged(accountId, queue);
    notifier.notify([accountId]);
  },
});

function createWatch({
  sessions,
  notifier,
  logger,
  clock = Date.now,
}: Pick<AppDependencies, 'sessions' | 'notifier' | 'logger' | 'clock'>): WatchPlayback {
  return createPlaybackWatch({
    sessions: sessions.store,
    notifier,
    retryWhileAway: createRetryWhileAway({
      isAway: (error) => error instanceof SessionsUnavailableError,
      onAway: (error) => logger.warn({ err: error }, 'no sessions: who follows what an account plays waits'),
      onBack: () => logger.info('sessions are back: who follows what an account plays is told'),
    }),
    clock,
  });
}

function toListener({ actor, market, marketSource, explicit }: RequestInfo): Listener {
  return {
    // Only somebody who is signed in listens: an app or a service is nobody's ears.
    viewerId: actor.kind === 'viewer' ? actor.id : null,
    // A market that the router took from the account is older than the account's facts, which are read anyway.
    market: marketSource === 'ADDRESS' && market && isCountryCode(market) ? market : null,
    explicit,
  };
}
