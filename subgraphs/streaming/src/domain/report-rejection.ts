import { findImpossibleTime } from './impossible-time.ts';
import { problemsOfContext } from './playback-context.ts';
import { dayMs, isUuid, isWithinDay, quote, type Rejection, reject } from './rejection.ts';
import type { ReportCircumstances, ReportedPlay } from './reported-play.ts';

/** Why a play is not taken; null when it is. */
export const findRejection = (play: ReportedPlay, circumstances: ReportCircumstances): Rejection | null =>
  findMalformed(play) ?? findForeign(play, circumstances) ?? findImpossibleTime(timeOf(play), circumstances);

const timeOf = ({ playedAt, msPlayed }: ReportedPlay) => ({
  beganAt: playedAt,
  beganField: 'playedAt',
  lengthMs: msPlayed,
  lengthField: 'msPlayed',
});

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
  if (!isUuid(id)) return reject('INVALID', 'id', 'a UUID', quote(id));
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
