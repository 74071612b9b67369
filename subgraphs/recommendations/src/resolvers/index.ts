import type { Resolvers } from '../generated/graphql.ts';
import { historyTypes } from './history.ts';
import { Mix, mixTypes } from './mix.ts';
import { Query } from './query.ts';
import { radioTypes } from './radio.ts';
import { NothingToRecommend, Recommendation } from './recommendation.ts';
import { shelfTypes } from './shelves.ts';
import { similar } from './similar.ts';
import { RecommendationsEvent, Subscription } from './subscription.ts';
import { topTypes } from './top.ts';
import { Viewer } from './viewer.ts';

export const resolvers: Resolvers = {
  Query,
  Subscription,
  RecommendationsEvent,
  Viewer,
  Mix,
  Recommendation,
  NothingToRecommend,
  ...similar,
  ...radioTypes,
  ...shelfTypes,
  ...historyTypes,
  ...topTypes,
  ...mixTypes,
};
