import type { Resolvers } from '../generated/graphql.ts';
import { Playlist } from './playlist.ts';
import { Query } from './query.ts';

export const resolvers: Resolvers = {
  Query,
  Playlist,
};
