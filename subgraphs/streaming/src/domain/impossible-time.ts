import type { PlaybackTokenFacts } from './playback-ports.ts';
import { dayMs, iso, type Rejection, type RejectionCode, reject } from './rejection.ts';

/** When something was, as a client tells it. */
export interface ToldTime {
  /** By its clock. */
  readonly beganAt: Date;
  /** The field that says so. */
  readonly beganField: string;
  readonly lengthMs: number;
  readonly lengthField: string;
}

/** By what its times are judged. */
export interface TimeCircumstances {
  /** What it was granted by; null where nobody knows. */
  readonly grant: Pick<PlaybackTokenFacts, 'decidedAt'> | null;
  readonly receivedAt: Date;
  /** What to add to the client's times, in milliseconds. */
  readonly clockOffsetMs: number;
}

/** Clocks that nobody put right, and reports that travel. */
const toleranceMs = 5 * 60_000;

/** Why it cannot have been then, or not for so long; null when it can. */
export function findImpossibleTime(
  { beganAt: toldAt, beganField, lengthMs, lengthField }: ToldTime,
  { grant, receivedAt, clockOffsetMs }: TimeCircumstances,
): Rejection | null {
  const beganAt = toldAt.getTime() + clockOffsetMs;
  const now = receivedAt.getTime();
  const wrongTime = (code: RejectionCode, expected: string) => {
    const corrected = clockOffsetMs === 0 ? '' : `, which is ${iso(beganAt)} by our clock`;
    return reject(code, beganField, expected, `${iso(toldAt.getTime())}${corrected}`);
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
  if (lengthMs <= longest) return null;
  const expected = `0 to ${longest}, as it began ${elapsedMs} ms ago`;
  return reject('IMPOSSIBLE_DURATION', lengthField, expected, lengthMs);
}
