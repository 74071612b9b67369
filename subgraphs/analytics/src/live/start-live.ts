import { type EventLog, isTransientError } from '@medley/event-log';
import { createChangeNotifier, createRetryWhileAway } from '@medley/live';
import type { Logger } from '@medley/service';
import type { LiveCounts } from '../domain/live-counts.ts';
import type { LiveOutbox } from '../domain/live-outbox.ts';
import type { Statistics } from '../domain/statistics.ts';
import { followCounted } from './follow-counted.ts';
import { secondOver, watchPlays } from './live-plays.ts';
import { createPlayCounts } from './play-counts.ts';
import { startOutboxSweep } from './sweep-outbox.ts';
import { createTicks } from './ticks.ts';

export interface LiveOptions {
  readonly log: Pick<EventLog, 'append' | 'tail'>;
  /** What was counted, as the database has it. */
  readonly statistics: Pick<Statistics, 'findPlayCounts'>;
  /** What whoever counted may have left untold. */
  readonly liveOutbox: LiveOutbox;
  readonly logger: Logger;
  /** How often it is looked for what was not heard of, in milliseconds; 30,000 unless told otherwise. */
  readonly recheckMs?: number;
  /** How often it is looked for what was left untold, in milliseconds; 5,000 unless told otherwise. */
  readonly sweepMs?: number;
}

export interface Live extends LiveCounts {
  /** Safe to call twice. */
  stop(): Promise<void>;
}

/** Reads what is counted, as each process does for itself: so each tells of what any of them counts. */
export function startLive({ log, statistics, liveOutbox, logger, recheckMs, sweepMs }: LiveOptions): Live {
  // Notified from here: one reading of the topic is enough.
  const notifier = createChangeNotifier({ log, topics: [], logger, recheckMs });
  const ticks = createTicks({ log });
  const counted = followCounted({
    log,
    onHeard({ trackIds, isOver }) {
      ticks.heard();
      if (trackIds === null) return notifier.notifyAll();
      notifier.notify(isOver ? [...trackIds, secondOver] : trackIds);
    },
    logger,
  });
  const stopSweep = startOutboxSweep({
    ...{ outbox: liveOutbox, log, seconds: counted.seconds, logger, everyMs: sweepMs },
  });
  const retryWhileAway = createRetryWhileAway({
    isAway: isTransientError,
    onAway: (error) => logger.warn({ err: error }, 'play counts cannot be read: who watches them waits'),
    onBack: () => logger.info('play counts can be read again'),
  });
  const playCount = createPlayCounts({ statistics, notifier, retryWhileAway });
  let stopped: Promise<unknown> | undefined;
  return {
    plays: (asked) => watchPlays({ seconds: counted.seconds, notifier, ticks }, asked),
    playCount,
    async stop() {
      ticks.stop();
      stopped ??= Promise.all([counted.stop(), notifier.stop(), stopSweep()]);
      await stopped;
    },
  };
}
