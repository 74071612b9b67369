import { z } from 'zod';
import { days, defineEvent, defineTopic } from './define.ts';

/** What an account is recommended is another thing from now on. */
export const recommendationsUpdated = defineEvent('RecommendationsUpdated', 1, {
  /** `user_…` */
  userId: z.string(),
  /** What it comes from: plays or a library that were taken into account, mixes that were made. */
  cause: z.enum(['PLAYS', 'LIBRARY', 'MIXES']),
  /** Greater with each change of the account's taste profile; 0 where it did not change. */
  profileVersion: z.int().nonnegative(),
  /** The last play that was taken into account, as `streaming.play-events.v1` has it; null where it comes from none. */
  play: z.looseObject({ partition: z.int().nonnegative(), offset: z.string() }).nullable(),
});

/** Another model serves from now on: what everybody is recommended may be another thing. */
export const recommendationModelSwapped = defineEvent('RecommendationModelSwapped', 1, {
  /** As provenance names it. */
  model: z.string(),
});

/** The key of what is told of models, for which there is no account. */
export const modelKey = 'model';

/** Keyed by user; what concerns all of them by `model`. */
export const recommendationsTopic = defineTopic({
  name: 'recommendations.updated.v1',
  partitions: 12,
  retentionMs: days(1),
  events: [recommendationsUpdated, recommendationModelSwapped],
});
