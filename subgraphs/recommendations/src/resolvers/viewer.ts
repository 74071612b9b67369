import { referenceUuid } from '@medley/subgraph';
import type { Context } from '../context.ts';
import { beginningOf } from '../domain/most-played.ts';
import type { ViewerResolvers } from '../generated/graphql.ts';
import { fromStores } from './from-stores.ts';
import { readHistory } from './history.ts';
import type { Reference } from './reference.ts';
import { readRecommendations } from './shelves.ts';

// Whoever asks sees what is theirs and nothing else, whichever viewer the request names.
const ownId = ({ id }: Reference, { viewerId }: Context): string | null =>
  viewerId !== null && referenceUuid('user', id) === viewerId ? viewerId : null;

export const Viewer: ViewerResolvers = {
  recommendations(viewer, given, context) {
    const userId = ownId(viewer, context);
    return userId === null ? null : readRecommendations(userId, given, context);
  },
  recentlyPlayed(viewer, given, context) {
    const userId = ownId(viewer, context);
    return userId === null ? null : readHistory(userId, given, context);
  },
  top: (viewer, { range }, context) =>
    ownId(viewer, context) === null ? null : { range, from: beginningOf(range, context.now()) },
  async mixes(viewer, _, context) {
    const userId = ownId(viewer, context);
    return userId === null ? null : [...(await fromStores(context.useCases.readMixes(userId)))];
  },
};
