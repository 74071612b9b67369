import { join } from 'node:path';
import type { EventLog } from '@medley/event-log';
import { createTrainer, startTrainingSchedule, type Trainer } from '@medley/recommendations';
import { openArchiveStore } from '@medley/recommendations/adapters/archive-store';
import { openTrainingEngine } from '@medley/recommendations/adapters/open-training-engine';
import { createTrainingThread } from '@medley/recommendations/adapters/training-thread';
import type { Logger, Metrics } from '@medley/service';
import type { Rows } from './rows.ts';

export interface TrainingParts {
  /** The data folder, held by this process. */
  readonly folder: string;
  readonly rows: Pick<Rows, 'recommendations'>;
  /** Writes what waits for it to the archive. */
  readonly flushArchive: () => Promise<void>;
  /** Where it is told that a new model serves; null where nobody hears of it. */
  readonly log: Pick<EventLog, 'append'> | null;
  readonly logger: Logger;
  readonly metrics: Metrics;
}

export interface Training {
  readonly train: Trainer;
  /** Trains soon after there is something to learn from, then every day. @returns stops it */
  startSchedule(): () => Promise<void>;
}

/** With fewer plays there is little to learn. */
const leastPlays = 100;

/** Trains on what the archive in the data folder has: computes in threads of its own, and writes rows little by little. */
export function openTraining({ folder, rows, ...options }: TrainingParts): Training {
  const { facts, models, modelWriter, waitingPlays, tryHold } = rows.recommendations;
  const { logger } = options;
  const archiveFolder = join(folder, 'archive');
  const archive = openArchiveStore(archiveFolder);
  const train = createTrainer({
    ...options,
    ...{ facts, models: modelWriter, tryHold },
    engine: openTrainingEngine('embedded', {}),
    compute: createTrainingThread(archiveFolder),
    workFolder: join(folder, 'training'),
    // A machine for one: half of it belongs to others.
    memoryMib: 512,
    sharesConnection: true,
  });
  async function hasPlays(): Promise<boolean> {
    for await (const _ of archive.list('plays/')) return true;
    const waiting = await waitingPlays.findWaiting();
    return waiting.reduce((sum, { plays }) => sum + plays, 0) >= leastPlays;
  }
  return {
    train,
    // While it starts it has enough to do, and to keep in memory.
    startSchedule: () => startTrainingSchedule({ train, models, hasPlays, logger, firstAfterMs: 30_000 }),
  };
}
