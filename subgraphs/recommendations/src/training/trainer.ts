import { type EventLog, publishEvents } from '@medley/event-log';
import { createEvent, modelKey, recommendationModelSwapped, recommendationsTopic } from '@medley/events';
import type { Metrics } from '@medley/service';
import type { StageProgress } from './stages.ts';
import { TrainingHeldError, type TrainingOutcome, type TrainOptions, train } from './train.ts';

/** What is different from one training to the next. */
export type TrainerRun = Pick<TrainOptions, 'signal' | 'onProgress' | 'from' | 'force'> &
  Partial<Pick<TrainOptions, 'engine'>>;

export type Trainer = (run: TrainerRun) => Promise<TrainingOutcome>;

export interface TrainerOptions extends Omit<TrainOptions, 'signal' | 'onProgress' | 'from' | 'force'> {
  /** Where those who answer hear at once that another model serves; null: they find it within half a minute. */
  readonly log: Pick<EventLog, 'append'> | null;
  readonly metrics: Metrics;
}

/** Trains as `train` does, and tells the event log, logs and metrics of it. */
export function createTrainer({ log, metrics, ...dependencies }: TrainerOptions): Trainer {
  const { logger } = dependencies;
  const meter = createMeter(metrics);

  async function tellSwap(model: string): Promise<void> {
    if (!log) return;
    const told = { source: 'recommendations', key: modelKey, data: { model } };
    const event = createEvent(recommendationModelSwapped, told);
    await publishEvents(log, recommendationsTopic, [event]).catch((error: unknown) => {
      logger.warn({ err: error }, 'a new model serves; who watches finds it within half a minute');
    });
  }

  return async (run) => {
    const startedAt = performance.now();
    let current: { readonly stage: string; readonly since: number } | null = null;
    const endStage = () => {
      if (current)
        meter.stageSeconds.set({ stage: current.stage }, (performance.now() - current.since) / 1_000);
    };
    const onProgress = (progress: StageProgress) => {
      run.onProgress?.(progress);
      if (progress.stage === current?.stage) return;
      endStage();
      current = { stage: progress.stage, since: performance.now() };
      logger.info({ stage: progress.stage }, 'a training has come to its next stage');
    };
    try {
      const outcome = await train({ ...dependencies, ...run, onProgress });
      const { version, serves, refusal, figures, notes } = outcome;
      const seconds = Math.round((performance.now() - startedAt) / 100) / 10;
      meter.trainings.inc({ outcome: serves ? 'serves' : 'refused' });
      meter.plays.set(figures.plays);
      if (figures.coverage !== null) meter.coverage.set(figures.coverage);
      if (figures.recall !== null) meter.recall.set(figures.recall);
      if (serves) meter.servesSince.set(Date.now() / 1_000);
      const told = { version, ...figures, notes, seconds };
      if (serves) {
        logger.info(told, 'a new model serves');
        await tellSwap(version);
      } else logger.warn({ ...told, refusal }, 'a model was refused; the one before it serves');
      return outcome;
    } catch (error) {
      if (!(error instanceof TrainingHeldError) && !run.signal.aborted)
        meter.trainings.inc({ outcome: 'failed' });
      throw error;
    } finally {
      endStage();
    }
  };
}

const createMeter = (metrics: Metrics) => ({
  trainings: metrics.counter(
    'medley_recommendations_trainings_total',
    'Trainings that came to an end, by outcome.',
    ['outcome'],
  ),
  stageSeconds: metrics.gauge(
    'medley_recommendations_training_stage_seconds',
    'How long each stage of the last training took.',
    ['stage'],
  ),
  servesSince: metrics.gauge(
    'medley_recommendations_model_swapped_seconds',
    'When a model was last swapped in by this process, Unix time.',
  ),
  plays: metrics.gauge('medley_recommendations_model_plays', 'Plays that the last training learned from.'),
  coverage: metrics.gauge(
    'medley_recommendations_model_coverage',
    'The share of the playable tracks that have neighbours by the last training.',
  ),
  recall: metrics.gauge(
    'medley_recommendations_model_recall',
    'Recall at 10 of the last training on plays that were held out.',
  ),
});
