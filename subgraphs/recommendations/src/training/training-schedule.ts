import { pause } from '@medley/event-log';
import type { Logger } from '@medley/service';
import type { ModelReader } from '../domain/models.ts';
import { TrainingHeldError } from './train.ts';
import type { Trainer } from './trainer.ts';

export interface TrainingScheduleOptions {
  readonly train: Trainer;
  readonly models: Pick<ModelReader, 'trainings'>;
  /** Whether there is enough to learn from; asked while there was no training yet. */
  readonly hasPlays: () => Promise<boolean>;
  readonly logger: Logger;
  /** How long after the beginning of one the next one begins, in milliseconds; a day unless told otherwise. */
  readonly everyMs?: number;
  /** How long it waits at first, for a process that has enough to do when it starts; nothing unless told otherwise. */
  readonly firstAfterMs?: number;
  /** How often it looks whether one is due, in milliseconds; a minute unless told otherwise. */
  readonly lookEveryMs?: number;
  /** Milliseconds since 1970. */
  readonly clock?: () => number;
}

/** While nothing serves it is tried more often. */
const withoutModelMs = 3_600_000;
/** What failed is tried again, but not at once. */
const afterFailureMs = 600_000;

/**
 * Trains as soon as there is something to learn from, goes on with what was interrupted, and trains anew every day. Any number of processes
 * may have a schedule: one of them trains.
 * @returns interrupts a training, and resolves when it is over
 */
export function startTrainingSchedule(options: TrainingScheduleOptions): () => Promise<void> {
  const { train, models, hasPlays, logger, clock = Date.now } = options;
  const { everyMs = 86_400_000, firstAfterMs = 0, lookEveryMs = 60_000 } = options;
  const stopping = new AbortController();
  const { signal } = stopping;

  async function isDue(): Promise<boolean> {
    const trainings = await models.trainings(20);
    const [last] = trainings;
    if (!last) return hasPlays();
    if (last.state === 'TRAINING') return true;
    const serves = trainings.some(({ state }) => state === 'SERVING');
    const wait = serves ? everyMs : Math.min(everyMs, withoutModelMs);
    return clock() - last.startedAt.getTime() >= wait;
  }

  async function run(): Promise<void> {
    await pause(firstAfterMs, signal);
    while (!signal.aborted) {
      let waitMs = lookEveryMs;
      try {
        if (await isDue()) await train({ signal });
      } catch (error) {
        if (signal.aborted) return;
        if (!(error instanceof TrainingHeldError)) {
          logger.error({ err: error }, 'a training failed; it goes on later, and the model before it serves');
          waitMs = Math.max(lookEveryMs, afterFailureMs);
        }
      }
      await pause(waitMs, signal);
    }
  }

  const running = run();
  return async () => {
    stopping.abort(new Error('stopped'));
    await running;
  };
}
