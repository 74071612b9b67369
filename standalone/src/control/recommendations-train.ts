import { formatOutcome, formatTrainingProgress, type Trainer } from '@medley/recommendations';
import { z } from 'zod';
import type { Command } from './protocol.ts';

const argumentsSchema = z.object({
  /** The first day of plays that are learned from. */
  from: z.iso.date().nullable(),
  /** Lets the model serve even when it is worse than the last one. */
  force: z.boolean(),
});

export interface RecommendationsTrainDependencies {
  readonly training: { readonly train: Trainer };
}

/** Makes a model of what was played, while the old one serves. The result says whether it serves now. */
export const recommendationsTrain: Command<RecommendationsTrainDependencies> = async (
  { training },
  args,
  { screen, signal },
) => {
  const { from, force } = argumentsSchema.parse(args);
  const startedAt = performance.now();
  const outcome = await training.train({
    ...{ signal, force },
    ...(from !== null && { from }),
    onProgress: (progress) => screen.progress(formatTrainingProgress(progress)),
  });
  const seconds = (performance.now() - startedAt) / 1_000;
  for (const line of formatOutcome(outcome, seconds)) screen.line(line);
  return { version: outcome.version, serves: outcome.serves, refusal: outcome.refusal };
};
