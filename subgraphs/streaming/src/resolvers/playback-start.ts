import type { Context } from '../context.ts';
import type { PlaybackSession } from '../domain/playback-session.ts';
import type { StartAnswer } from '../domain/player-control.ts';
import type { MutationResolvers, PlaybackStartInput, ResolversTypes } from '../generated/graphql.ts';
import { toSession } from './playback-session.ts';
import { toPlaybackDenial, toPlaybackGrant, toPlaybackUrlResult } from './playback-url-result.ts';
import { toContext, toDevice, toUserErrors, trackArgument, trackArguments } from './player-arguments.ts';
import { trackReference } from './track-reference.ts';

export const playbackStart: MutationResolvers['playbackStart'] = (_, { input }, context) =>
  start(input, context, false);

export const playbackTakeOver: MutationResolvers['playbackTakeOver'] = (_, { input }, context) =>
  start(input, context, true);

async function start(input: PlaybackStartInput, { player, request: { actor } }: Context, takeOver: boolean) {
  const answer = await player.start(actor.kind === 'viewer' ? actor.id : null, {
    trackId: trackArgument('input.trackId', input.trackId),
    quality: input.quality,
    device: toDevice(input.device),
    context: toContext(input.context),
    nextTrackIds: trackArguments('input.nextTrackIds', input.nextTrackIds ?? []),
    positionMs: input.positionMs ?? 0,
    takeOver,
  });
  return {
    result: toResult(answer),
    userErrors: answer.outcome === 'INVALID' ? toUserErrors(answer.problems) : [],
  };
}

function toResult(answer: StartAnswer): Awaited<ResolversTypes['PlaybackStartResult']> | null {
  switch (answer.outcome) {
    case 'INVALID':
      return null;
    case 'DENIED':
      return toPlaybackDenial(answer.denial);
    case 'LIMIT_REACHED':
      return toLimitReached(answer.holder);
    case 'STARTED':
      return {
        __typename: 'PlaybackStarted',
        grant: toPlaybackGrant(answer.grant),
        session: answer.session && toSession(answer.session),
        next: answer.next.map(toPlaybackUrlResult),
      };
  }
}

const toLimitReached = ({ device, paused, trackId, startedAt, expiresAt }: PlaybackSession) => ({
  __typename: 'StreamLimitReached' as const,
  message: `${device.name ?? 'Another device'} ${paused ? 'is paused' : 'plays'} with this account now. Take over to play here.`,
  device,
  track: trackReference(trackId),
  startedAt,
  expiresAt,
});
