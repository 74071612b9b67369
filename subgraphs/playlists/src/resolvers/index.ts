import type { Resolvers } from '../generated/graphql.ts';
import { Album, Artist, Track } from './kept.ts';
import { Library } from './library.ts';
import { libraryConnections } from './library-connections.ts';
import { Mutation } from './mutation.ts';
import { Playlist } from './playlist.ts';
import { PlaylistItem } from './playlist-item.ts';
import { Query } from './query.ts';
import { Subscription } from './subscription.ts';
import { User } from './user.ts';
import { Viewer } from './viewer.ts';

export const resolvers: Resolvers = {
  Query,
  Mutation,
  Subscription,
  Playlist,
  PlaylistItem,
  Library,
  ...libraryConnections,
  Viewer,
  User,
  Track,
  Album,
  Artist,
};
