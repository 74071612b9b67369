export { type AppDependencies, createApp, reads } from './create-app.ts';
export { type Live, type LiveOptions, startLive } from './live/start-live.ts';
export {
  createRecommendations,
  type FollowingRecommendations,
  type Recommendations,
  type RecommendationsParts,
} from './recommendations.ts';
export { formatOutcome, formatTrainingProgress } from './training/format-training.ts';
export { createTrainer, type Trainer } from './training/trainer.ts';
export { startTrainingSchedule } from './training/training-schedule.ts';
export { trainingConfig } from './training-config.ts';
