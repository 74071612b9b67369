import { referenceUuid } from '@medley/subgraph';
import type { ViewerResolvers } from '../generated/graphql.ts';

export const Viewer: ViewerResolvers = {
  // Whoever asks sees the own library and no other, whichever viewer the request names.
  library: ({ id }, _args, { viewerId }) =>
    viewerId !== null && referenceUuid('user', id) === viewerId ? { userId: viewerId } : null,
};
