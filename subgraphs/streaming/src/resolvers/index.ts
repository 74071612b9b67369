import type { Resolvers } from '../generated/graphql.ts';
import { Mutation } from './mutation.ts';
import { Query } from './query.ts';
import { Subscription } from './subscription.ts';
import { Track } from './track.ts';
import { Viewer } from './viewer.ts';

export const resolvers: Resolvers = { Mutation, Query, Subscription, Track, Viewer };
