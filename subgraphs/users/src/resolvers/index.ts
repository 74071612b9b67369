import type { Resolvers } from '../generated/graphql.ts';
import { Mutation } from './mutation.ts';
import { Query } from './query.ts';
import { Session } from './session.ts';
import { User } from './user.ts';
import { Viewer } from './viewer.ts';

export const resolvers: Resolvers = {
  Query,
  Mutation,
  User,
  Viewer,
  Session,
};
