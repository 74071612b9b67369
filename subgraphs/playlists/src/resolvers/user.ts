import { referenceUuid } from '@medley/subgraph';
import type { UserResolvers } from '../generated/graphql.ts';
import { readEntries } from './library-connections.ts';

export const User: UserResolvers = {
  async playlists({ id }, page, context) {
    const userId = referenceUuid('user', id);
    if (userId === null) return null;
    const list = userId === context.viewerId ? 'OWN_PLAYLISTS' : 'PUBLIC_PLAYLISTS';
    return readEntries(context, page, { field: 'User.playlists', list, userId });
  },
};
