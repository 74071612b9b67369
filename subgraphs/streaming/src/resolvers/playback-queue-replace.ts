import { requireSignedIn } from '@medley/subgraph';
import type { MutationResolvers } from '../generated/graphql.ts';
import { toQueue } from './playback-session.ts';
import { toContext, toDevice, toUserErrors, trackArguments } from './player-arguments.ts';

export const playbackQueueReplace: MutationResolvers['playbackQueueReplace'] = async (
  _,
  { input },
  { player, request },
) => {
  const trackIds = trackArguments('input.trackIds', input.trackIds);
  const { queue, problems } = await player.replaceQueue(requireSignedIn(request).id, {
    device: toDevice(input.device),
    content: {
      trackIds,
      currentIndex: input.currentIndex ?? (trackIds.length > 0 ? 0 : null),
      positionMs: input.positionMs ?? 0,
      context: toContext(input.context),
    },
    ifRevision: input.ifRevision ?? null,
  });
  return { queue: queue && toQueue(queue), userErrors: toUserErrors(problems) };
};
