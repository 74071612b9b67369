import { type Consumer, type EventLog, startConsumer, UnknownTopicError } from '@medley/event-log';
import { playEvents } from '@medley/events';
import type { Logger } from '@medley/service';
import { createTakePlays, type TakePlaysOptions } from './take-plays.ts';

/** Who puts plays into histories and profiles. */
export const playsGroup = 'recommendations.plays';

export interface FollowPlaysOptions extends TakePlaysOptions {
  readonly log: Pick<EventLog, 'append' | 'subscribe' | 'admin'>;
  readonly logger: Logger;
  /** Told once when it has ended for good. */
  readonly onCrash: (error: Error) => void;
}

/** Follows what is played. All replicas share the work. While the history or the profiles are away it waits. */
export const followPlays = (options: FollowPlaysOptions): Consumer =>
  startConsumer({
    log: options.log,
    group: playsGroup,
    topics: [playEvents],
    handle: createTakePlays(options),
    // Nobody makes it but this service when it starts.
    isTransient: (error) => error instanceof UnknownTopicError,
    // A radio reacts to the next play: it is not to wait for half a minute when what was away is back.
    backoff: { firstMs: 100, maxMs: 5_000 },
    logger: options.logger,
    metrics: options.metrics,
    onCrash: options.onCrash,
  });
