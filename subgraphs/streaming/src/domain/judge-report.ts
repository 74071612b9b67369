import type { NotCountedReason, PlayEndReason, PlayEvent } from './play-event.ts';
import type { PlaybackTokenFacts } from './playback-ports.ts';
import type { Rejection } from './rejection.ts';
import { findRejection } from './report-rejection.ts';
import type { ReportCircumstances, ReportedPlay } from './reported-play.ts';

export type Judgement =
  | { readonly accepted: PlayEvent; readonly rejected: null }
  | { readonly accepted: null; readonly rejected: Rejection };

/**
 * Whether a play is taken, and what is kept of it. It counts when 30 seconds were heard under a grant of ours; market, tier and
 * quality are those of the grant, whatever has become of the account since.
 */
export function judgeReport(play: ReportedPlay, circumstances: ReportCircumstances): Judgement {
  const rejected = findRejection(play, circumstances);
  if (rejected) return { accepted: null, rejected };

  const { grant, viewerId, deviceId, receivedAt, clockOffsetMs } = circumstances;
  const msPlayed = Math.trunc(play.msPlayed);
  const playedAt = new Date(Math.min(play.playedAt.getTime() + clockOffsetMs, receivedAt.getTime()));
  const notCountedReason = whyNotCounted(msPlayed, playedAt, grant);
  const accepted: PlayEvent = {
    id: play.id.toLowerCase(),
    userId: viewerId,
    trackId: grant?.trackId ?? (play.trackId as string),
    playedAt,
    reportedAt: receivedAt,
    msPlayed,
    counted: notCountedReason === null,
    notCountedReason,
    context: play.context,
    grant: grant && {
      decisionId: grant.decisionId,
      market: grant.market,
      tier: grant.tier,
      quality: grant.grantedQuality,
      grantedAt: grant.decidedAt,
    },
    startReason: play.startReason,
    endReason: play.endReason,
    skipped: wentOn.has(play.endReason),
    offline: play.offline,
    deviceId,
    clickToSoundMs: play.clickToSoundMs === null ? null : Math.trunc(play.clickToSoundMs),
    stalls: play.stalls,
    stalledMs: Math.trunc(play.stalledMs),
  };
  return { accepted, rejected: null };
}

/**
 * What to add to the times of a client's clock so that they are ours. Up to a minute is how long reports travel, and no wrong
 * clock.
 * @param sentAt what that clock showed when the report was sent; null when it does not tell
 */
export function clockOffset(sentAt: Date | null, receivedAt: Date): number {
  const offsetMs = sentAt ? receivedAt.getTime() - sentAt.getTime() : 0;
  return Math.abs(offsetMs) > 60_000 ? offsetMs : 0;
}

function whyNotCounted(
  msPlayed: number,
  playedAt: Date,
  grant: PlaybackTokenFacts | null,
): NotCountedReason | null {
  if (!grant) return 'UNVERIFIED';
  if (playedAt.getTime() - grant.decidedAt.getTime() > longestAfterGrantMs) return 'GRANT_EXPIRED';
  return msPlayed < 30_000 ? 'TOO_SHORT' : null;
}

// A grant ends after two hours at most. A day leaves room for a player that was paused, and no room for a token that is kept to
// count plays of a track that was taken down since.
const longestAfterGrantMs = 86_400_000;

// A player that came to the end says TRACK_DONE: these three are somebody's will before it. One that was taken over, closed or
// broken off was not skipped.
const wentOn: ReadonlySet<PlayEndReason> = new Set(['FORWARD', 'BACK', 'STOPPED']);
