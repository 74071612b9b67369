import { type EventLog, startConsumer } from '@medley/event-log';
import { playbackDecisions } from '@medley/events';
import type { Logger, Metrics } from '@medley/service';
import { keepDecisions, keepTailedDecisions } from './consumers/keep-decisions.ts';
import { type DecisionStore, DecisionsUnavailableError } from './domain/decision-record.ts';

export interface FollowDecisionsOptions {
  readonly log: Pick<EventLog, 'append' | 'subscribe' | 'tail' | 'admin'>;
  readonly store: Pick<DecisionStore, 'save'>;
  /** Whether all processes have this store together: one of them is enough then to save a decision. */
  readonly shared: boolean;
  readonly logger: Logger;
  readonly metrics: Metrics;
  /** Told once when it has ended for good. */
  readonly onCrash: (error: Error) => void;
}

/** Puts what all processes decide into the store, where support finds it; of a store in memory, the last hours too. */
export function followDecisions(options: FollowDecisionsOptions): {
  stop(): Promise<void>;
  findUnready(): string[];
} {
  const { log, store, shared, logger, metrics, onCrash } = options;
  if (shared) {
    return startConsumer({
      log,
      group: 'streaming.decisions',
      topics: [playbackDecisions],
      handle: keepDecisions(store),
      isTransient: (error) => error instanceof DecisionsUnavailableError,
      logger,
      metrics,
      onCrash,
    });
  }
  let crash: Error | undefined;
  // Not waited for: with the log away it begins when the log is there.
  const tailing = log.tail({
    topic: playbackDecisions.name,
    from: new Date(Date.now() - rememberedMs),
    handle: keepTailedDecisions(store),
    onCrash(error) {
      crash = error;
      onCrash(error);
    },
  });
  tailing.catch((error: Error) =>
    logger.warn({ err: error }, 'the decisions of other processes cannot be followed'),
  );
  return {
    async stop() {
      await tailing.then((tail) => tail.stop()).catch(() => {});
    },
    findUnready: () => (crash ? [`the tail of decisions has ended: ${crash.message}`] : []),
  };
}

const rememberedMs = 3 * 3_600_000;
