import type { MutationResolvers } from '../generated/graphql.ts';
import { libraryMutations } from './library-mutation.ts';
import { playlistEdits } from './playlist-edits.ts';

export const Mutation: MutationResolvers = {
  ...playlistEdits,
  ...libraryMutations,
};
