import { LogUnavailableError } from '@medley/event-log';
import { parseEvent, recommendationsTopic } from '@medley/events';
import { createMetrics } from '@medley/service';
import { testDatabaseKind } from '@medley/testing/database';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { createTrainer } from '../../src/training/trainer.ts';
import { openTraining, playsOfCrowds, type TrainingUnderTest } from './training-under-test.ts';

describe(`a trainer on ${testDatabaseKind}`, () => {
  let training: TrainingUnderTest;
  beforeAll(async () => {
    training = await openTraining();
  }, 60_000);
  afterAll(() => training?.close());
  afterEach(() => training.reset());

  /** Trains, and notes what it tells, and which model served then. */
  async function trainTelling(log: { readonly away: boolean }) {
    const told: unknown[] = [];
    const train = createTrainer({
      ...training.options,
      log: {
        async append(topic, records) {
          const serving = await training.reader.serving();
          for (const { key, value } of records) {
            const parsed = parseEvent(recommendationsTopic, value);
            told.push({ topic, key, parsed, serving: serving?.version });
          }
          if (log.away) throw new LogUnavailableError('no log');
          return [];
        },
      },
      metrics: createMetrics(),
    });
    const outcome = await train({ signal: new AbortController().signal });
    return { outcome, told };
  }

  it('tells that its model serves when it does, under one key', async () => {
    await training.archivePlays(playsOfCrowds({ plays: 400 }));
    const { outcome, told } = await trainTelling({ away: false });
    const { version } = outcome;
    const event = { type: 'RecommendationModelSwapped', key: 'model', data: { model: version } };
    expect(told).toMatchObject([
      { topic: 'recommendations.updated.v1', key: 'model', parsed: { event }, serving: version },
    ]);
  });

  it('is no worse for a log that is away', async () => {
    await training.archivePlays(playsOfCrowds({ plays: 400 }));
    const { outcome, told } = await trainTelling({ away: true });
    expect(outcome.serves).toBe(true);
    expect(told).toHaveLength(1);
  });

  it('tells nothing of a model that was refused', async () => {
    const { outcome, told } = await trainTelling({ away: false });
    expect(outcome).toMatchObject({ serves: false, refusal: 'There are no counted plays in the archive.' });
    expect(told).toEqual([]);
  });
});
