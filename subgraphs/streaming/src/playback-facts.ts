import { type ChangesHeard, hearChanges } from '@medley/event-log';
import { catalogChanged, usersChanged } from '@medley/events';
import type { Logger, Metrics } from '@medley/service';
import { followChanges } from './consumers/follow-changes.ts';
import { type AgeClock, createAgeClock } from './domain/age-clock.ts';
import type { ChangedFacts } from './domain/changed-facts.ts';
import { type CurrentFacts, createCurrentFacts } from './domain/current-facts.ts';
import type { AccountFacts, CatalogFacts, FactsRequest, TrackFacts, ViewerFacts } from './domain/facts.ts';
import { createHeldFacts, type VersionedFact } from './domain/held-facts.ts';
import { createPrimaryReads } from './domain/primary-reads.ts';
import { createFactsObserver, type FactsKind } from './observe-facts.ts';

/** The facts that decisions rest on: held in memory, and never older than a second. */
export interface PlaybackFacts {
  readonly tracks: CurrentFacts<TrackFacts>;
  readonly viewers: CurrentFacts<ViewerFacts>;
  /** What is not as it should be, though decisions go on: one sentence each. */
  findDegraded(): string[];
  /**
   * Begins to follow changes; until the first answer every fact is read at the primary.
   * @returns stops it
   */
  start(): () => Promise<void>;
}

export interface PlaybackFactsOptions {
  readonly catalogFacts: CatalogFacts;
  readonly accountFacts: AccountFacts;
  readonly licenceChanges: ChangedFacts;
  readonly accountChanges: ChangedFacts;
  /** How many tracks, and how many accounts, are held at most. */
  readonly entries: number;
  /** Makes changes known sooner; nothing rests on it. */
  readonly eventLog?: ChangesHeard;
  readonly metrics: Metrics;
  readonly logger: Logger;
  /** Milliseconds since 1970. */
  readonly clock?: () => number;
  readonly now?: AgeClock;
}

/** Holds facts and follows their changes: docs/adr/0020-licences-within-a-second.md. One for each process. */
export function createPlaybackFacts(options: PlaybackFactsOptions): PlaybackFacts {
  const { catalogFacts, accountFacts, entries, eventLog, metrics, logger } = options;
  const { clock = Date.now, now = createAgeClock() } = options;
  const observe = createFactsObserver({ metrics, logger });

  function open<Fact extends VersionedFact>(
    kind: FactsKind,
    source: {
      readonly changes: ChangedFacts;
      /** Where they are told too, sooner. */
      readonly topic: string;
      readonly read: (ids: readonly string[], request: FactsRequest) => Promise<readonly (Fact | null)[]>;
      readonly speaksOf?: (fact: Fact) => readonly string[];
      readonly holdsUntil?: (fact: Fact) => number;
    },
  ) {
    const held = createHeldFacts<Fact>({
      capacity: entries,
      speaksOf: source.speaksOf,
      holdsUntil: source.holdsUntil,
      now,
      clock,
    });
    const observer = observe(kind, held);
    const reads = createPrimaryReads<Fact>({
      held,
      // It is for all who ask, so the time of none of them holds.
      read(ids, requestId) {
        const stop = observer.reading();
        return source.read(ids, { requestId, deadline: Number.POSITIVE_INFINITY }).finally(stop);
      },
    });
    function start() {
      const following = followChanges({ changes: source.changes, held, now, onAsked: observer.asked });
      const hearing =
        eventLog &&
        hearChanges({
          log: eventLog,
          topic: source.topic,
          hear(keys) {
            held.forget(keys);
            following.wake();
          },
          onLost: observer.unheard,
        });
      return () => Promise.all([following.stop(), hearing?.stop()]);
    }
    return {
      facts: createCurrentFacts<Fact>({ held, reads, now, clock, observe: observer.found }),
      findDegraded: () => (held.isFollowed() ? [] : [`the changes of ${kind} cannot be followed`]),
      start,
    };
  }

  const tracks = open('tracks', {
    changes: options.licenceChanges,
    topic: catalogChanged.name,
    read: catalogFacts.findByIds,
    speaksOf: (track: TrackFacts) => track.alternatives.map(({ id }) => id),
    holdsUntil: nextLicence,
  });
  const viewers = open('accounts', {
    changes: options.accountChanges,
    topic: usersChanged.name,
    read: accountFacts.findByIds,
  });
  return {
    tracks: tracks.facts,
    viewers: viewers.facts,
    findDegraded: () => [...tracks.findDegraded(), ...viewers.findDegraded()],
    start() {
      const stops = [tracks.start(), viewers.start()];
      return async () => {
        await Promise.all(stops.map((stop) => stop()));
      };
    },
  };
}

/** When a licence of the track or of an alternative begins or ends next: nobody tells that at the moment. */
function nextLicence({ alternatives, ...track }: TrackFacts): number {
  const moments = [track, ...alternatives].map(({ availableMarketsUntil }) =>
    availableMarketsUntil?.getTime(),
  );
  return Math.min(...moments.map((moment) => moment ?? Number.POSITIVE_INFINITY));
}
