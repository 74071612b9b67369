import type { PlaybackTokenFacts } from '../src/domain/playback-ports.ts';
import type { ReportedPlay } from '../src/domain/reported-play.ts';
import { now, trackId, viewerId } from './cases.ts';

export const minutesAgo = (minutes: number) => new Date(now.getTime() - Math.round(minutes * 60_000));

/** Five minutes ago, for the viewer and the track of the cases, unless told otherwise. */
export const aGrant = (facts: Partial<PlaybackTokenFacts> = {}): PlaybackTokenFacts => ({
  decisionId: 'decision_1',
  viewerId,
  trackId: trackId('1'),
  market: 'DE',
  tier: 'PREMIUM',
  requestedQuality: 'LOSSLESS',
  grantedQuality: 'HIGH',
  decidedAt: minutesAgo(5),
  ...facts,
});

/** A track that was heard to its end, from four minutes ago on, unless told otherwise. */
export const aReportedPlay = (play: Partial<ReportedPlay> = {}): ReportedPlay => ({
  id: '0190a5b2-7c1e-7d3a-9f00-3b2a1c0d9e8f',
  playbackToken: 'a token',
  trackId: null,
  playedAt: minutesAgo(4),
  msPlayed: 212_000,
  context: { kind: 'ALBUM', id: 'album_1' },
  startReason: 'CLICK',
  endReason: 'TRACK_DONE',
  offline: false,
  clickToSoundMs: 180,
  stalls: 1,
  stalledMs: 420,
  ...play,
});
