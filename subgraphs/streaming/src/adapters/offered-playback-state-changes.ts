import type { OfferedEvents } from '@medley/event-log';
import { createEvent, type EventOf, playbackQueueChanged, playbackSessionChanged } from '@medley/events';
import type { PlaybackStateChanges } from '../domain/playback-state-changes.ts';

type StateEvent = EventOf<typeof playbackSessionChanged> | EventOf<typeof playbackQueueChanged>;

/** Offers to the event log what accounts play. */
export function createOfferedPlaybackStateChanges({
  events,
}: {
  events: Pick<OfferedEvents<StateEvent>, 'offer'>;
}): PlaybackStateChanges {
  return {
    sessionChanged(userId, state, { id: sessionId, epoch, device, trackId }) {
      const data = { userId, sessionId, epoch, state, device: { ...device }, trackId };
      events.offer(createEvent(playbackSessionChanged, { source: 'streaming', key: userId, data }));
    },
    queueChanged(userId, { revision, trackIds, updatedBy }) {
      const device = updatedBy && { ...updatedBy };
      const data = { userId, revision, items: trackIds.length, device };
      events.offer(createEvent(playbackQueueChanged, { source: 'streaming', key: userId, data }));
    },
  };
}
