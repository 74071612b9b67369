import type { Resolvers } from '../generated/graphql.ts';
import { mutation } from './mutation.ts';
import { query } from './query.ts';
import { session } from './session.ts';
import { user } from './user.ts';
import { viewer } from './viewer.ts';

export const resolvers: Resolvers = {
  Query: query,
  Mutation: mutation,
  User: user,
  Viewer: viewer,
  Session: session,
};
