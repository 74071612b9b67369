import { createEvent, trackPlayed } from '@medley/events';
import type { TrackFacts } from '@medley/streaming/sample/sample-decision';
import type { SampleListener } from './sample-listeners.ts';
import type { Decided, Played } from './told.ts';

export interface SamplePlay {
  readonly listener: SampleListener;
  readonly track: TrackFacts;
  readonly msPlayed: number;
  readonly playedAt: Date;
  readonly reportedAt: Date;
  readonly deviceId: string;
}

/**
 * A play as streaming would tell it.
 * @param id a UUID
 * @param grant null where its token was lost
 */
export function createPlay(id: string, grant: Decided | null, play: SamplePlay): Played {
  const { listener, track, msPlayed, playedAt, reportedAt, deviceId } = play;
  const userId = listener.viewer.id;
  const notCountedReason = grant ? (msPlayed < 30_000 ? 'TOO_SHORT' : null) : 'UNVERIFIED';
  const skipped = msPlayed < track.durationMs;
  return createEvent(trackPlayed, {
    source: 'streaming',
    id,
    time: playedAt,
    key: userId,
    data: {
      userId,
      trackId: track.id,
      playedAt: playedAt.toISOString(),
      reportedAt: reportedAt.toISOString(),
      contentHash: id,
      msPlayed,
      counted: notCountedReason === null,
      notCountedReason,
      context: null,
      decisionId: grant?.data.decisionId ?? null,
      market: grant?.data.market ?? null,
      tier: grant?.data.tier ?? null,
      quality: grant?.data.grantedQuality ?? null,
      grantedAt: grant?.data.decidedAt ?? null,
      startReason: 'CLICK',
      endReason: skipped ? 'FORWARD' : 'TRACK_DONE',
      skipped,
      offline: false,
      deviceId,
      clickToSoundMs: null,
      stalls: 0,
      stalledMs: 0,
    },
  });
}
