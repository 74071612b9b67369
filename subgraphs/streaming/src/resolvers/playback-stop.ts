import { requireSignedIn } from '@medley/subgraph';
import type { MutationResolvers } from '../generated/graphql.ts';
import { sessionArgument } from './player-arguments.ts';

export const playbackStop: MutationResolvers['playbackStop'] = async (_, { input }, { player, request }) => ({
  stopped: await player.stop(requireSignedIn(request).id, sessionArgument(input.sessionId)),
  userErrors: [],
});
