/** Why something that a player reports is never taken; `PlaybackRejectionCode` in the schema says what they mean. */
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

export const dayMs = 86_400_000;
export const isWithinDay = (milliseconds: number) => milliseconds >= 0 && milliseconds <= dayMs;

// Of RFC 9562, as the envelope of events wants it: with a version and its variant.
const uuid = /^[0-9a-f]{8}-[0-9a-f]{4}-[1-8][0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/i;
export const isUuid = (text: string) => uuid.test(text);

export const iso = (milliseconds: number) => new Date(milliseconds).toISOString();
export const quote = (text: string) => JSON.stringify(text.length > 60 ? `${text.slice(0, 57)}...` : text);

export const reject = (
  code: RejectionCode,
  field: string,
  expected: string,
  came: string | number,
): Rejection => ({ code, message: `${field}: expected ${expected}, got ${came}` });
