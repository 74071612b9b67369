/** Why an input was not taken; UserErrorCode of the schema. */
export type ProblemCode =
  | 'INVALID'
  | 'TOO_SHORT'
  | 'TOO_LONG'
  | 'NOT_FOUND'
  | 'FORBIDDEN'
  | 'CONFLICT'
  | 'STALE_OPERATION'
  | 'OPERATION_ID_REUSED'
  | 'LIMIT_REACHED';

/** Something that the person at the screen can mend. */
export interface Problem {
  /** The path within the input, such as `['trackIds', '3']`; null when it is about none. */
  readonly field: readonly string[] | null;
  readonly code: ProblemCode;
  /** For people, in English. */
  readonly message: string;
}
