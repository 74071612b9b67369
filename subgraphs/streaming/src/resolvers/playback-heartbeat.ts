import { requireSignedIn } from '@medley/subgraph';
import type { MutationResolvers } from '../generated/graphql.ts';
import { toSession } from './playback-session.ts';
import { sessionArgument, toUserErrors, trackArgument } from './player-arguments.ts';

export const playbackHeartbeat: MutationResolvers['playbackHeartbeat'] = async (
  _,
  { input },
  { player, request },
) => {
  const answer = await player.heartbeat(requireSignedIn(request).id, {
    sessionId: sessionArgument(input.sessionId),
    positionMs: input.positionMs,
    paused: input.paused ?? false,
    trackId: input.trackId ? trackArgument('input.trackId', input.trackId) : null,
  });
  return {
    status: answer.outcome === 'INVALID' ? null : answer.outcome,
    session: answer.outcome === 'ACTIVE' ? toSession(answer.session) : null,
    takenOverBy: answer.outcome === 'TAKEN_OVER' ? answer.by : null,
    userErrors: answer.outcome === 'INVALID' ? toUserErrors(answer.problems) : [],
  };
};
