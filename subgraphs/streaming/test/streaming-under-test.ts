import { createCursors } from '@medley/connection';
import type { EventOf, playbackQueueChanged, playbackSessionChanged } from '@medley/events';
import type { Identity } from '@medley/identity';
import { type ChangeNotifier, createChangeNotifier } from '@medley/live';
import { createMetrics } from '@medley/service';
import { createUrlSigner, parseSigningKeys } from '@medley/signed-url';
import { createTestCaller, createTestVerifier, silentLogger } from '@medley/testing';
import { createMemoryDecisionStore } from '../src/adapters/memory-decision-store.ts';
import { createMemoryPlaybackSessions } from '../src/adapters/memory-playback-sessions.ts';
import { createOfferedPlaybackStateChanges } from '../src/adapters/offered-playback-state-changes.ts';
import { createPlaybackTokens } from '../src/adapters/playback-tokens.ts';
import { createSampleAudioAssets } from '../src/adapters/sample-audio-assets.ts';
import { type AppDependencies, createApp, createPlaybackFacts } from '../src/app.ts';
import type { DecisionRecord, DecisionStore } from '../src/domain/decision-record.ts';
import type { AccountFacts, CatalogFacts, TrackFacts, ViewerFacts } from '../src/domain/facts.ts';
import type { PlaybackSessions } from '../src/domain/playback-sessions.ts';
import { now, viewerId } from './cases.ts';

export const keys = parseSigningKeys(`test:${Buffer.alloc(32, 7).toString('base64url')}`);
export const playbackTokens = createPlaybackTokens({ keys });

/** Facts in memory that remember what they were asked. */
function createMemoryFacts<Fact extends { id: string }>(facts: readonly Fact[]) {
  const byId = new Map(facts.map((fact) => [fact.id, fact]));
  const calls: (readonly string[])[] = [];
  return {
    calls,
    async findByIds(ids: readonly string[]) {
      calls.push(ids);
      return ids.map((id) => byId.get(id) ?? null);
    },
  };
}

const neverAsked = () => Promise.reject(new Error('changes are not followed here'));

/** The signed-in viewer, in Germany by address unless told otherwise. */
export const asViewer = (identity: Partial<Identity> = {}): Partial<Identity> => ({
  actor: { kind: 'viewer', id: viewerId, sessionId: 'session_1', scopes: [] },
  market: 'DE',
  marketSource: 'ADDRESS',
  ...identity,
});

/** For tests that report nothing. */
const noReports: AppDependencies['reports'] = {
  log: { append: async () => ({ kept: 'REFUSED' }) },
  recent: { find: async (_, ids) => ids.map(() => null), remember() {} },
  observe() {},
};

type StateEvent = EventOf<typeof playbackSessionChanged | typeof playbackQueueChanged>;

const noLog = { tail: () => Promise.reject(new Error('nothing is heard here')) };

const noMeasurements: AppDependencies['measurements'] = { log: { offer() {} }, observe() {} };

/** The subgraph over facts in memory, at the moment `now` of the cases. */
export async function openStreaming({
  tracks = [],
  viewers = [],
  catalogFacts,
  accountFacts,
  reports = noReports,
  measurements = noMeasurements,
  decisionStore = createMemoryDecisionStore(),
  sessions = createMemoryPlaybackSessions(),
  // Nothing comes because somebody looked by chance.
  notifier = createChangeNotifier({ log: noLog, topics: [], logger: silentLogger, recheckMs: 3_600_000 }),
  offer = () => {},
  clock = () => now.getTime(),
}: {
  tracks?: readonly TrackFacts[];
  viewers?: readonly ViewerFacts[];
  catalogFacts?: CatalogFacts;
  accountFacts?: AccountFacts;
  reports?: AppDependencies['reports'];
  measurements?: AppDependencies['measurements'];
  decisionStore?: Pick<DecisionStore, 'find'>;
  sessions?: PlaybackSessions;
  notifier?: ChangeNotifier;
  /** Gets what is told of sessions and queues too. */
  offer?: (event: StateEvent) => void;
  clock?: () => number;
}) {
  const catalog = createMemoryFacts(tracks);
  const accounts = createMemoryFacts(viewers);
  const decisions: DecisionRecord[] = [];
  const stateEvents: StateEvent[] = [];
  const subgraph = await createApp({
    // Not started: every fact is read.
    facts: createPlaybackFacts({
      catalogFacts: catalogFacts ?? catalog,
      accountFacts: accountFacts ?? accounts,
      licenceChanges: { since: neverAsked },
      accountChanges: { since: neverAsked },
      entries: 100,
      metrics: createMetrics(),
      logger: silentLogger,
    }),
    urlSigner: createUrlSigner({ keys, baseUrl: 'https://edge.example' }),
    playbackTokens,
    assets: createSampleAudioAssets(),
    decisions: { log: { offer: (record) => decisions.push(record) }, store: decisionStore },
    reports,
    measurements,
    sessions: {
      store: sessions,
      changes: createOfferedPlaybackStateChanges({
        events: {
          offer(event) {
            stateEvents.push(event);
            offer(event);
          },
        },
      }),
    },
    notifier,
    cursors: createCursors(keys),
    identity: createTestVerifier('streaming'),
    logger: silentLogger,
    clock,
  });
  const { ask, subscribe } = createTestCaller(subgraph);
  return {
    ask,
    subscribe,
    notifier,
    decisions,
    stateEvents,
    catalogCalls: catalog.calls,
    accountCalls: accounts.calls,
  };
}
