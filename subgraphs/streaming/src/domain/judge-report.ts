import type { NotCountedReason, PlayEndReason, PlayEvent, PlayStartReason } from './play-event.ts';
import { type PlaybackContext, problemsOfContext } from './playback-context.ts';
import type { PlaybackTokenFacts } from './playback-ports.ts';

/** One play as a client tells it: the right types, and nothing else is sure. */
export interface ReportedPlay {
  readonly id: string;
  readonly playbackToken: string | null;
  readonly trackId: string | null;
  /** By the client's clock. */
  readonly playedAt: Date;
  /** May have a fraction, as may the other durations. */
  readonly msPlayed: number;
  readonly context: PlaybackContext | null;
  readonly startReason: PlayStartReason;
  readonly endReason: PlayEndReason;
  readonly offline: boolean;
  readonly clickToSoundMs: number | null;
  readonly stalls: number;
  readonly stalledMs: number;
}

/** In which circumstances it is told. */
export interface ReportCircumstances {
  /** What the token says; null when there is none, or it is not one of ours. */
  readonly grant: PlaybackTokenFacts | null;
  /** Who reports, `user_…`. */
  readonly viewerId: string;
  readonly deviceId: string | null;
  readonly receivedAt: Date;
  /** What to add to the client's times, in milliseconds. */
  readonly clockOffsetMs: number;
}

/** Why a play is never taken; `PlaybackRejectionCode` in the schema says what they mean. */
export type RejectionCode =
  | 'INVALID'
  | 'ID_REUSED'
  | 'OTHER_VIEWER'
  | 'OTHER_TRACK'
  | 'FROM_THE_FUTURE'
  | 'BEFORE_GRANT'
  | 'TOO_LATE'
  | 'IMPOSSIBLE_DURATION';

export interface Rejection {
  readonly code: RejectionCode;
  /** What was expected and what came, for people, in English. */
  readonly message: string;
}

export type Judgement =
  | { readonly accepted: PlayEvent; readonly rejected: null }
  | { readonly accepted: null; readonly rejected: Rejection };

const secondMs = 1_000;
const minuteMs = 60 * secondMs;
const dayMs = 24 * 60 * minuteMs;
/** A play counts from here on. */
const countsFromMs = 30 * secondMs;
/** Clocks that nobody put right, and reports that travel. */
const toleranceMs = 5 * minuteMs;

/**
 * Whether a play is taken, and what is kept of it. It counts when 30 seconds were heard under a grant of ours; market, tier and
 * quality are those of the grant, whatever has become of the account since.
 */
export function judgeReport(play: ReportedPlay, circumstances: ReportCircumstances): Judgement {
  const rejected =
    findMalformed(play) ?? findForeign(play, circumstances) ?? findImpossibleTime(play, circumstances);
  if (rejected) return { accepted: null, rejected };

  const { grant, viewerId, deviceId, receivedAt, clockOffsetMs } = circumstances;
  const msPlayed = Math.trunc(play.msPlayed);
  const notCountedReason = whyNotCounted(msPlayed, grant);
  const accepted: PlayEvent = {
    id: play.id.toLowerCase(),
    userId: viewerId,
    trackId: grant?.trackId ?? (play.trackId as string),
    playedAt: new Date(Math.min(play.playedAt.getTime() + clockOffsetMs, receivedAt.getTime())),
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
  return Math.abs(offsetMs) > minuteMs ? offsetMs : 0;
}

function whyNotCounted(msPlayed: number, grant: PlaybackTokenFacts | null): NotCountedReason | null {
  if (!grant) return 'UNVERIFIED';
  return msPlayed < countsFromMs ? 'TOO_SHORT' : null;
}

// A player that came to the end says TRACK_DONE: these three are somebody's will before it. One that was taken over, closed or
// broken off was not skipped.
const wentOn: ReadonlySet<PlayEndReason> = new Set(['FORWARD', 'BACK', 'STOPPED']);

// Of RFC 9562, as the envelope of events wants it: with a version and its variant.
const uuid = /^[0-9a-f]{8}-[0-9a-f]{4}-[1-8][0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/i;

// A UUID fills 128 of the 130 bits of 26 characters, so the first is 0 to 7.
const trackIdForm = /^track_[0-7][0-9a-hjkmnp-tv-z]{25}$/;

function findMalformed({
  id,
  context,
  clickToSoundMs,
  stalls,
  stalledMs,
  msPlayed,
}: ReportedPlay): Rejection | null {
  if (!uuid.test(id)) return reject('INVALID', 'id', 'a UUID', quote(id));
  const [problem] = problemsOfContext(['context'], context);
  if (problem) return { code: 'INVALID', message: `${problem.field.join('.')}: ${problem.message}` };
  if (stalls < 0) return reject('INVALID', 'stalls', '0 or more', stalls);
  if (!isWithinDay(stalledMs)) return reject('INVALID', 'stalledMs', `0 to ${dayMs}`, stalledMs);
  if (clickToSoundMs !== null && !isWithinDay(clickToSoundMs))
    return reject('INVALID', 'clickToSoundMs', `0 to ${dayMs}`, clickToSoundMs);
  if (!isWithinDay(msPlayed)) return reject('IMPOSSIBLE_DURATION', 'msPlayed', `0 to ${dayMs}`, msPlayed);
  return null;
}

function findForeign(
  { playbackToken, trackId }: ReportedPlay,
  { grant, viewerId }: ReportCircumstances,
): Rejection | null {
  if (!grant) {
    if (trackId !== null && trackIdForm.test(trackId)) return null;
    const expected = playbackToken === null ? 'without a playbackToken' : 'as the playbackToken is not valid';
    return reject(
      'INVALID',
      'trackId',
      `the id of a track, ${expected}`,
      trackId === null ? 'none' : quote(trackId),
    );
  }
  if (grant.viewerId !== viewerId)
    return reject('OTHER_VIEWER', 'playbackToken', 'one of the account that reports', "another account's");
  if (trackId !== null && trackId !== grant.trackId)
    return reject('OTHER_TRACK', 'trackId', `${grant.trackId}, as in the playbackToken`, quote(trackId));
  return null;
}

function findImpossibleTime(
  { playedAt, msPlayed }: ReportedPlay,
  { grant, receivedAt, clockOffsetMs }: ReportCircumstances,
): Rejection | null {
  const beganAt = playedAt.getTime() + clockOffsetMs;
  const now = receivedAt.getTime();
  const came = () => {
    const corrected = clockOffsetMs === 0 ? '' : `, which is ${iso(beganAt)} by our clock`;
    return `${iso(playedAt.getTime())}${corrected}`;
  };
  if (beganAt > now + toleranceMs)
    return reject('FROM_THE_FUTURE', 'playedAt', `at most ${iso(now)} and 5 minutes`, came());
  if (beganAt < now - 30 * dayMs)
    return reject('TOO_LATE', 'playedAt', `at least ${iso(now - 30 * dayMs)}, 30 days ago`, came());
  if (grant && beganAt < grant.decidedAt.getTime() - toleranceMs) {
    const granted = iso(grant.decidedAt.getTime());
    return reject(
      'BEFORE_GRANT',
      'playedAt',
      `at least ${granted}, when it was granted, less 5 minutes`,
      came(),
    );
  }
  const longest = now - beganAt + toleranceMs;
  if (msPlayed > longest)
    return reject(
      'IMPOSSIBLE_DURATION',
      'msPlayed',
      `at most ${longest}, the time since then and 5 minutes`,
      msPlayed,
    );
  return null;
}

const isWithinDay = (milliseconds: number) => milliseconds >= 0 && milliseconds <= dayMs;
const iso = (milliseconds: number) => new Date(milliseconds).toISOString();
const quote = (text: string) => JSON.stringify(text.length > 60 ? `${text.slice(0, 57)}...` : text);
const reject = (code: RejectionCode, field: string, expected: string, came: string | number): Rejection => ({
  code,
  message: `${field}: expected ${expected}, got ${came}`,
});
