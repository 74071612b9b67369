import { randomUUID } from 'node:crypto';
import { createEvent, type EventOf, trackPlayed } from '@medley/events';
import { encodeId } from '@medley/ids';

export type TrackPlayed = EventOf<typeof trackPlayed>;

/** A play that counts, of an account of its own, an hour ago. */
export function played(
  told: Partial<TrackPlayed['data']> & { readonly id?: string; readonly at?: Date } = {},
): TrackPlayed {
  const { id = randomUUID(), at = new Date(Date.now() - 3_600_000), ...data } = told;
  const userId = data.userId ?? encodeId('user', randomUUID());
  return createEvent(trackPlayed, {
    source: 'streaming',
    id,
    key: userId,
    time: at,
    data: {
      userId,
      trackId: encodeId('track', randomUUID()),
      playedAt: at.toISOString(),
      reportedAt: new Date(at.getTime() + 300_000).toISOString(),
      contentHash: id,
      msPlayed: 180_000,
      counted: (data.notCountedReason ?? null) === null,
      notCountedReason: null,
      context: null,
      decisionId: encodeId('decision', randomUUID()),
      market: 'DE',
      tier: 'PREMIUM',
      quality: 'HIGH',
      grantedAt: new Date(at.getTime() - 1_000).toISOString(),
      startReason: 'CLICK',
      endReason: 'TRACK_DONE',
      skipped: false,
      offline: false,
      deviceId: 'phone',
      clickToSoundMs: null,
      stalls: 0,
      stalledMs: 0,
      ...data,
    },
  });
}
