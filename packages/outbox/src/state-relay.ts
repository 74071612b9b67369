import type { TryHold } from '@medley/database';
import type { EventLog } from '@medley/event-log';
import { createEvent, type Event, type TopicContract } from '@medley/events';
import { stateEventUuid } from '@medley/ids';
import type { Logger, Metrics } from '@medley/service';
import type { Feed } from './feed.ts';
import type { Change } from './outbox.ts';
import { type FedRow, type Relay, type RelayOptions, startRelay } from './relay.ts';
import { relayMetricsOf } from './relay-metrics.ts';
import type { RelayStore } from './relay-store.ts';
import { type Republished, type RepublishOptions, republish } from './republish.ts';
import { createTopicPublisher, type StateMessage } from './topic-publisher.ts';

/** A state as it is told, in the form of an outbox row. */
export interface ToldState extends Change {
  /** When it came to be so; now by default. */
  readonly time?: Date;
  /** It is the last of its key: a tombstone follows. */
  readonly isLast?: boolean;
}

/** Where the states of a topic come from. */
export interface StateSource<Row extends FedRow = FedRow> {
  readonly feed: Pick<Feed<Row>, 'readSince' | 'countSince'>;
  /** What rows of the feed tell, in their order. */
  statesOf(rows: readonly Row[]): readonly ToldState[] | Promise<readonly ToldState[]>;
  /** All states, as `ReadStates`. */
  readStates(
    after: string | null,
    limit: number,
  ): Promise<{ readonly states: readonly ToldState[]; readonly after: string | null }>;
  readonly store: RelayStore;
  readonly prune?: RelayOptions<FedRow>['prune'];
}

export interface StateRelayOptions<Row extends FedRow = FedRow> {
  readonly source: StateSource<Row>;
  readonly topic: TopicContract;
  /** The subgraph that tells it: `source` of its events. */
  readonly subgraph: string;
  readonly log: Pick<EventLog, 'append' | 'admin'>;
  readonly tryHold: TryHold;
  readonly logger: Logger;
  readonly metrics: Metrics;
  /** As of `startRelay`. */
  readonly everyMs?: number;
  readonly standbyMs?: number;
}

/** Keeps a compacted topic at what the rows of a subgraph are: `startRelay`, with the events by their contract. */
export function startStateRelay<Row extends FedRow>(options: StateRelayOptions<Row>): Relay {
  const { source, topic, subgraph, log, logger, metrics } = options;
  const { feed, store, prune } = source;
  const toMessage = createTeller(topic, subgraph);
  const { refused } = relayMetricsOf(metrics);
  return startRelay({
    ...options,
    topic: topic.name,
    feed,
    store,
    prune,
    tell: async (rows) => (await source.statesOf(rows)).map(toMessage),
    async readStates(after, limit) {
      const page = await source.readStates(after, limit);
      return { messages: page.states.map(toMessage), after: page.after };
    },
    publish: createTopicPublisher({
      log,
      topic,
      onRefused(event) {
        refused.inc({ topic: topic.name });
        logger.error({ topic: topic.name, ...event }, 'an event that no log will take was left out');
      },
    }),
  });
}

/** What starting the relays of a subgraph needs, beside its sources. */
export type RelayDependencies = Omit<StateRelayOptions, 'source' | 'topic' | 'subgraph'>;

/** What may be told about a republication, beside what a relay needs. */
export type RepublishStatesOptions = Pick<RepublishOptions, 'from' | 'onProgress' | 'signal'>;

/** `republish`, of all states of a source. It needs no running relay, and does no harm beside one. */
export const republishStates = <Row extends FedRow>(
  relay: StateRelayOptions<Row>,
  options: RepublishStatesOptions,
): Promise<Republished> =>
  republish({
    ...options,
    topic: relay.topic.name,
    store: relay.source.store,
    startRelay: () => startStateRelay(relay),
  });

function createTeller(topic: TopicContract, source: string) {
  return ({ key, type, version, data, time, isLast }: ToldState): StateMessage => {
    const contract = topic.events.find((known) => known.type === type) ?? { type, version: 1 };
    const event: Event = createEvent(contract as never, {
      source,
      key,
      time,
      id: stateEventUuid(topic.name, key, version),
      data: { ...data, stateVersion: version } as never,
    });
    return { event, ...(isLast && { isLast }) };
  };
}
