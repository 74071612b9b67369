import type { TryHold } from '@medley/database';
import type { Logger } from '@medley/service';
import type { CatalogFacts } from '../domain/catalog-facts.ts';
import type { ModelFigures, ModelWriter, TrainingRecord } from '../domain/models.ts';
import type { TrainingEngine } from '../domain/training-engine.ts';
import { beginTraining } from './begin-training.ts';
import { runStages, type StageProgress } from './stages.ts';
import { type TrainingMethod, trainingMethod } from './training-method.ts';
import type { Compute } from './training-tasks.ts';
import { openWorkFolder } from './work-folder.ts';

export interface TrainOptions {
  readonly facts: Pick<CatalogFacts, 'tracksAfter' | 'findGenres'>;
  readonly models: ModelWriter;
  readonly engine: TrainingEngine;
  readonly compute: Compute;
  /** What is on its way to the archive is to be written to it; called before it is read. */
  readonly flushArchive?: () => Promise<void>;
  /** What it puts down on its way. It is for trainings only. */
  readonly workFolder: string;
  readonly tryHold: TryHold;
  readonly logger: Logger;
  /** Interrupts it; the next one goes on. */
  readonly signal: AbortSignal;
  readonly onProgress?: (progress: StageProgress) => void;
  /** The one that was chosen by measurement, unless told otherwise. */
  readonly method?: TrainingMethod;
  /** The first day of plays that are learned from: `2025-11-23`; 365 days ago unless told otherwise. */
  readonly from?: string;
  /** Lets it serve even when it is worse than the last one. */
  readonly force?: boolean;
  /** What its computations may take in memory, in MiB, beside the program; 1,024 unless told otherwise. */
  readonly memoryMib?: number;
  /** Whether others share the one connection that the database has: then it takes a third of its time at most. */
  readonly sharesConnection?: boolean;
  /** Milliseconds since 1970. */
  readonly clock?: () => number;
}

export interface TrainingOutcome {
  readonly version: string;
  /** Whether it serves now. */
  readonly serves: boolean;
  /** Why it does not, for people, in English; null when it does. */
  readonly refusal: string | null;
  readonly figures: ModelFigures;
  /** What else is to be said, for people: rows that were left out, what could not be judged. */
  readonly notes: readonly string[];
}

/** Somebody else is training. */
export class TrainingHeldError extends Error {
  constructor() {
    super('another training is under way');
    this.name = 'TrainingHeldError';
  }
}

/**
 * Makes a model of the plays in the archive, beside the one that serves: counts, computes, writes, checks, and swaps it in whole; or it
 * says why not, and the old one goes on serving. What was interrupted goes on from its last stage, in any process that has the same work
 * folder. One training at a time.
 * @throws TrainingHeldError; the reason of the signal when that was aborted; what went wrong, after which the next call goes on
 */
export async function train(options: TrainOptions): Promise<TrainingOutcome> {
  const { models, engine, tryHold, logger, from, method = trainingMethod, clock = Date.now } = options;
  const hold = await tryHold('recommendations training');
  if (!hold) throw new TrainingHeldError();
  const signal = AbortSignal.any([options.signal, hold.lost]);
  try {
    const work = await openWorkFolder(options.workFolder);
    const terms = { method, engine: engine.name, from: from ?? null };
    const training: TrainingRecord = await beginTraining({ models, work, terms, now: clock(), logger });
    const outcome = await runStages(training, work, { ...options, clock, method, signal });
    await work.clear();
    // Those who read the old ones may take their time.
    await models
      .dropOld()
      .catch((error: unknown) =>
        logger.warn({ err: error }, 'old models are dropped after the next training'),
      );
    return outcome;
  } finally {
    await hold.release();
  }
}
