import type { PlaybackQueue } from '../domain/playback-queue.ts';
import { heartbeatEveryMs, type PlaybackSession } from '../domain/playback-session.ts';
import type { PlaybackState } from '../domain/watch-playback.ts';
import type { ResolversTypes } from '../generated/graphql.ts';
import { trackReference } from './track-reference.ts';

export const toSession = ({
  trackId,
  ...session
}: PlaybackSession): Awaited<ResolversTypes['PlaybackSession']> => ({
  ...session,
  track: trackReference(trackId),
  heartbeatEveryMs,
});

export const toQueue = ({ trackIds, ...queue }: PlaybackQueue): Awaited<ResolversTypes['PlaybackQueue']> => ({
  ...queue,
  items: trackIds.map((id) => ({ track: trackReference(id) })),
});

export const toState = ({ session, queue }: PlaybackState): Awaited<ResolversTypes['PlaybackState']> => ({
  session: session && toSession(session),
  queue: toQueue(queue),
});
