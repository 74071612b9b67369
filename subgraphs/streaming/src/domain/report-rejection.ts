import { problemsOfContext } from './playback-context.ts';
import type { ReportCircumstances, ReportedPlay } from './reported-play.ts';

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

const minuteMs = 60_000;
const dayMs = 24 * 60 * minuteMs;
/** Clocks that nobody put right, and reports that travel. */
const toleranceMs = 5 * minuteMs;

/** Why a play is not taken; null when it is. */
export const findRejection = (play: ReportedPlay, circumstances: ReportCircumstances): Rejection | null =>
  findMalformed(play) ?? findForeign(play, circumstances) ?? findImpossibleTime(play, circumstances);

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
  const wrongTime = (code: RejectionCode, expected: string) => {
    const corrected = clockOffsetMs === 0 ? '' : `, which is ${iso(beganAt)} by our clock`;
    return reject(code, 'playedAt', expected, `${iso(playedAt.getTime())}${corrected}`);
  };
  if (beganAt > now + toleranceMs)
    return wrongTime('FROM_THE_FUTURE', `${iso(now + toleranceMs)} at the latest, as it is ${iso(now)} here`);
  if (beganAt < now - 30 * dayMs)
    return wrongTime('TOO_LATE', `${iso(now - 30 * dayMs)} or later, 30 days back`);
  const grantedAt = grant?.decidedAt.getTime() ?? beganAt;
  if (beganAt < grantedAt - toleranceMs)
    return wrongTime(
      'BEFORE_GRANT',
      `${iso(grantedAt - toleranceMs)} or later, as it was granted at ${iso(grantedAt)}`,
    );
  // One that began in the future by a clock that is a little ahead began just now.
  const elapsedMs = Math.max(0, now - beganAt);
  const longest = elapsedMs + toleranceMs;
  if (msPlayed > longest)
    return reject(
      'IMPOSSIBLE_DURATION',
      'msPlayed',
      `0 to ${longest}, as it began ${elapsedMs} ms ago`,
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
