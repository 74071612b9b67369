import { setTimeout as sleep } from 'node:timers/promises';
import { type Consumed, type Consumer, type EventLog, startConsumer } from '@medley/event-log';
import {
  type Event,
  edgeAccess,
  playbackDecisions,
  playbackQuality,
  playEvents,
  type TopicContract,
} from '@medley/events';
import type { Logger, Metrics } from '@medley/service';
import type { CatalogTracks } from './domain/catalog-tracks.ts';
import type { ToldBatch } from './domain/counted-plays.ts';
import type { Generations } from './domain/generations.ts';
import type { Ledger } from './domain/ledger.ts';
import type { Pruning } from './domain/pruning.ts';
import { followCatalog } from './follow-catalog.ts';
import { type PlayTeller, startTellingPlays } from './live/tell-plays.ts';
import { startUpkeep } from './upkeep.ts';

/** Where what a topic tells is counted. */
type LedgerOf<Topic, Counted = unknown> =
  Topic extends TopicContract<infer Told> ? Ledger<Consumed<Told>, Counted> : never;

/** What is counted, by what tells it. */
export interface Ledgers {
  readonly plays: LedgerOf<typeof playEvents, ToldBatch>;
  readonly quality: LedgerOf<typeof playbackQuality>;
  readonly decisions: LedgerOf<typeof playbackDecisions>;
  readonly edge: LedgerOf<typeof edgeAccess>;
}

/** A topic, who consumes it, and where it is counted. */
export interface Source {
  readonly topic: TopicContract;
  /** The consumer group: `analytics.plays`. */
  readonly group: string;
  readonly ledger: Ledger<Consumed>;
}

const source = <Told extends Event>(
  topic: TopicContract<Told>,
  group: string,
  ledger: Ledger<Consumed<Told>>,
): Source => ({ topic, group, ledger: ledger as Ledger<Consumed> });

/** Who counts plays. */
export const playsGroup = 'analytics.plays';

/** All that is counted. */
export const sourcesOf = (ledgers: Ledgers): readonly Source[] => [
  source(playEvents, playsGroup, ledgers.plays),
  source(playbackQuality, 'analytics.quality', ledgers.quality),
  source(playbackDecisions, 'analytics.decisions', ledgers.decisions),
  source(edgeAccess, 'analytics.edge', ledgers.edge),
];

export interface IngestionOptions {
  readonly log: Pick<EventLog, 'append' | 'subscribe' | 'admin'>;
  readonly generations: Pick<Generations, 'prepare' | 'dropRetired'>;
  readonly ledgers: Ledgers;
  readonly pruning: Pruning;
  readonly catalogTracks: CatalogTracks;
  readonly logger: Logger;
  readonly metrics: Metrics;
  /** Told once when a consumer has ended for good, or could not be begun. */
  readonly onCrash: (error: Error) => void;
}

export interface Ingestion {
  stop(): Promise<void>;
  /** What is wrong for good, for `/readyz`. */
  findUnready(): string[];
}

/**
 * Counts what the topics tell, tells which plays it counted, copies the catalog's tracks, and forgets what is too old. It begins as soon as the database lets it.
 */
export function startIngestion(options: IngestionOptions): Ingestion {
  const { log, generations, pruning, catalogTracks, logger, metrics, onCrash } = options;
  const teller = startTellingPlays({ log, logger, metrics });
  const ledgers = { ...options.ledgers, plays: tellingLedger(options.ledgers.plays, teller) };
  const stopping = new AbortController();
  const consumers: Consumer[] = [];
  let stopUpkeep = async () => {};

  async function begin() {
    await prepareWithPatience(generations, logger, stopping.signal);
    if (stopping.signal.aborted) return;
    for (const { topic, group, ledger } of sourcesOf(ledgers))
      consumers.push(
        startConsumer({
          log,
          group,
          topics: [topic],
          handle: async (events, { refuse }) => void (await ledger.record(events, { into: 'all', refuse })),
          logger,
          metrics,
          onCrash,
        }),
      );
    consumers.push(followCatalog({ log, tracks: catalogTracks, logger, metrics, onCrash }));
    stopUpkeep = startUpkeep({ generations, pruning, logger, metrics });
  }
  const begun = begin().catch(onCrash);
  return {
    async stop() {
      stopping.abort();
      await begun;
      await Promise.all([...consumers.map((consumer) => consumer.stop()), stopUpkeep()]);
      await teller.stop();
    },
    findUnready: () => consumers.flatMap((consumer) => consumer.findUnready()),
  };
}

/** The same, and what was added to what is shown is told as soon as it is committed. */
const tellingLedger = (plays: Ledgers['plays'], { tell }: Pick<PlayTeller, 'tell'>): Ledgers['plays'] => ({
  async record(events, options) {
    const counted = await plays.record(events, options);
    if (counted) tell(counted);
    return counted;
  },
});

/** Until it succeeds: while the database is away there is nothing to count into. */
async function prepareWithPatience(
  generations: Pick<Generations, 'prepare'>,
  logger: Logger,
  signal: AbortSignal,
): Promise<void> {
  for (let pauseMs = 250; !signal.aborted; pauseMs = Math.min(2 * pauseMs, 30_000)) {
    try {
      return await generations.prepare();
    } catch (error) {
      logger.warn({ err: error, pauseMs }, 'the tables of the numbers cannot be prepared; once more');
      await sleep(pauseMs, undefined, { signal }).catch(() => {});
    }
  }
}
