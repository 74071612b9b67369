import { idArgument } from '@medley/subgraph';
import type { QueryResolvers } from '../generated/graphql.ts';

export const Query: Partial<QueryResolvers> = {
  playlist: (_, { id }, { loaders }) => loaders.playlist.load(idArgument('id', id, 'playlist')),
};
