export { type AppDependencies, createApp, reads } from './create-app.ts';
export { type Live, type LiveOptions, startLive } from './live/start-live.ts';
export {
  createRecommendations,
  type FollowingRecommendations,
  type Recommendations,
  type RecommendationsParts,
} from './recommendations.ts';
