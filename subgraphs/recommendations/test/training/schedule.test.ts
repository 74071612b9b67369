import { silentLogger } from '@medley/testing';
import { describe, expect, it, vi } from 'vitest';
import type { TrainingRecord } from '../../src/domain/models.ts';
import { TrainingHeldError } from '../../src/training/train.ts';
import { startTrainingSchedule, type TrainingScheduleOptions } from '../../src/training/training-schedule.ts';

const hour = 3_600_000;
const record = (state: TrainingRecord['state'], hoursAgo: number): TrainingRecord => ({
  ...{ id: 1, version: '1', method: 'test', engine: 'embedded', state, refusal: null },
  ...{ startedAt: new Date(Date.now() - hoursAgo * hour), trainedAt: null, figures: null },
});

describe('the schedule of trainings', () => {
  async function looksOnce(
    trainings: readonly TrainingRecord[],
    options: Partial<TrainingScheduleOptions> = {},
  ) {
    const train = vi.fn<TrainingScheduleOptions['train']>(async () => ({}) as never);
    let looked = () => {};
    const hasLooked = new Promise<void>((resolve) => {
      looked = resolve;
    });
    const stop = startTrainingSchedule({
      models: {
        async trainings() {
          setTimeout(looked, 0);
          return trainings;
        },
      },
      ...{ train, hasPlays: async () => false, logger: silentLogger, lookEveryMs: hour },
      ...options,
    });
    await hasLooked;
    await stop();
    return train.mock.calls.length;
  }

  it('waits for plays before the first one', async () => {
    expect(await looksOnce([])).toBe(0);
    expect(await looksOnce([], { hasPlays: async () => true })).toBe(1);
  });

  it('trains a day after the last one began', async () => {
    expect(await looksOnce([record('SERVING', 23)])).toBe(0);
    expect(await looksOnce([record('SERVING', 25)])).toBe(1);
    expect(await looksOnce([record('SERVING', 3)], { everyMs: 2 * hour })).toBe(1);
  });

  it('goes on with one that was interrupted', async () => {
    expect(await looksOnce([record('TRAINING', 0), record('SERVING', 1)])).toBe(1);
  });

  it('tries again each hour while nothing serves, and daily after a refusal', async () => {
    expect(await looksOnce([record('REFUSED', 2)])).toBe(1);
    expect(await looksOnce([record('REFUSED', 0.5)])).toBe(0);
    expect(await looksOnce([record('REFUSED', 2), record('SERVING', 26)])).toBe(0);
  });

  it('does without a training that somebody else makes, and goes on after one that failed', async () => {
    const errors: unknown[] = [new TrainingHeldError(), new Error('no disk')];
    let tries = 0;
    let told = () => {};
    const isTold = new Promise<void>((resolve) => {
      told = resolve;
    });
    const error = vi.fn(() => told());
    const stop = startTrainingSchedule({
      async train() {
        tries += 1;
        throw errors[tries - 1];
      },
      models: { trainings: async () => [record('SERVING', 30)] },
      hasPlays: async () => true,
      logger: { ...silentLogger, error } as never,
      lookEveryMs: 1,
    });
    await isTold;
    await stop();
    expect(error).toHaveBeenCalledTimes(1);
    expect(tries).toBe(2);
  });

  it('interrupts a training when it is stopped', async () => {
    let begun = () => {};
    const hasBegun = new Promise<void>((resolve) => {
      begun = resolve;
    });
    const stop = startTrainingSchedule({
      train: ({ signal }) =>
        new Promise((_, reject) => {
          signal.addEventListener('abort', () => reject(signal.reason));
          begun();
        }),
      models: { trainings: async () => [record('TRAINING', 1)] },
      hasPlays: async () => true,
      logger: silentLogger,
    });
    await hasBegun;
    await stop();
  });
});
