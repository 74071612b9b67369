import { findImpossibleTime } from './impossible-time.ts';
import type { PlaybackTokenFacts } from './playback-ports.ts';
import { dayMs, iso, isUuid, isWithinDay, quote, type Rejection, reject } from './rejection.ts';
import type { MeasurementCircumstances, ReportedMeasurement } from './reported-measurement.ts';

const tenMinutesMs = 600_000;
const hourMs = 3_600_000;
const mostStalls = 100;
// Several times what two hours take without loss: with more the sums would tell of one client.
const mostBytes = 10_000_000_000;
const mostAnswers = 100_000;

/** Why a measurement is not taken; else the grant that vouches for it. */
export function findMeasurementRejection(
  measurement: ReportedMeasurement,
  circumstances: MeasurementCircumstances,
):
  | { readonly rejected: Rejection; readonly grant: null }
  | { readonly rejected: null; readonly grant: PlaybackTokenFacts } {
  const { grant, viewerId } = circumstances;
  const malformed = findMalformed(measurement) ?? findMalformedStall(measurement);
  if (malformed) return { rejected: malformed, grant: null };
  if (!grant) {
    const rejected = reject('INVALID', 'playbackToken', 'one of ours', quote(measurement.playbackToken));
    return { rejected, grant: null };
  }
  if (grant.viewerId !== viewerId) {
    const expected = 'one of the account that reports';
    return { rejected: reject('OTHER_VIEWER', 'playbackToken', expected, "another account's"), grant: null };
  }
  const rejected =
    findImpossibleTime(timeOf(measurement), circumstances) ?? findLong(measurement, grant, circumstances);
  return rejected ? { rejected, grant: null } : { rejected: null, grant };
}

function findMalformed(measurement: ReportedMeasurement): Rejection | null {
  const { id, outcome, failure, httpStatus, clickToSoundMs, msPlayed } = measurement;
  if (!isUuid(id)) return reject('INVALID', 'id', 'a UUID', quote(id));
  if (failure !== null && outcome !== 'FAILED')
    return reject('INVALID', 'failure', `none, as it is ${outcome}`, failure);
  if (httpStatus !== null && !isWithin(httpStatus, 599, 100))
    return reject('INVALID', 'httpStatus', '100 to 599', httpStatus);
  if (clickToSoundMs !== null && outcome !== 'STARTED')
    return reject('INVALID', 'clickToSoundMs', `none, as it is ${outcome}`, clickToSoundMs);
  if (clickToSoundMs !== null && !isWithin(clickToSoundMs, tenMinutesMs))
    return reject('INVALID', 'clickToSoundMs', `0 to ${tenMinutesMs}`, clickToSoundMs);
  for (const [field, most] of bounds)
    if (!isWithin(measurement[field], most))
      return reject('INVALID', field, `0 to ${most}`, measurement[field]);
  if (!isWithinDay(msPlayed)) return reject('IMPOSSIBLE_DURATION', 'msPlayed', `0 to ${dayMs}`, msPlayed);
  if (msPlayed > 0 && outcome !== 'STARTED')
    return reject('IMPOSSIBLE_DURATION', 'msPlayed', `0, as it is ${outcome}`, msPlayed);
  return null;
}

const bounds = [
  ['bytes', mostBytes],
  ['edgeHits', mostAnswers],
  ['edgeMisses', mostAnswers],
] as const;

function findMalformedStall({ stalls, outcome, msPlayed }: ReportedMeasurement): Rejection | null {
  if (stalls.length > mostStalls) return reject('INVALID', 'stalls', `${mostStalls} at most`, stalls.length);
  if (stalls.length > 0 && outcome !== 'STARTED')
    return reject('INVALID', 'stalls', `none, as it is ${outcome}`, stalls.length);
  for (const [index, { atMs, lengthMs }] of stalls.entries()) {
    if (!isWithin(atMs, msPlayed))
      return reject('INVALID', `stalls.${index}.atMs`, `0 to ${msPlayed}, as so long was heard`, atMs);
    if (!isWithin(lengthMs, hourMs))
      return reject('INVALID', `stalls.${index}.lengthMs`, `0 to ${hourMs}`, lengthMs);
  }
  return null;
}

/** Sound and silence took their time, one after another. */
const timeOf = ({ startedAt, clickToSoundMs, msPlayed, stalls }: ReportedMeasurement) => ({
  beganAt: startedAt,
  beganField: 'startedAt',
  lengthMs: stalls.reduce((sum, { lengthMs }) => sum + lengthMs, (clickToSoundMs ?? 0) + msPlayed),
  lengthField: 'clickToSoundMs, msPlayed and stalls together',
});

/** A token vouches for the starts of its day: who counts them remembers grants for no longer than reports may be late. */
function findLong(
  { startedAt }: ReportedMeasurement,
  { decidedAt }: PlaybackTokenFacts,
  { clockOffsetMs }: MeasurementCircumstances,
): Rejection | null {
  const latest = decidedAt.getTime() + dayMs;
  if (startedAt.getTime() + clockOffsetMs <= latest) return null;
  const expected = `${iso(latest)} at the latest, a day after it was granted`;
  return reject('TOO_LATE', 'startedAt', expected, iso(startedAt.getTime()));
}

const isWithin = (value: number, most: number, least = 0) => value >= least && value <= most;
