import type { PlaybackQueue } from '../domain/playback-queue.ts';
import { heartbeatEveryMs, type PlaybackSession } from '../domain/playback-session.ts';
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
