/** Why an input was not taken; UserErrorCode of the schema. */
export type ProblemCode = 'INVALID' | 'TOO_SHORT' | 'TOO_LONG' | 'NOT_FOUND' | 'LIMIT_REACHED';

/** Something that the person at the screen can mend. */
export interface Problem {
  /** The path within the input, such as `['windows', '3', 'until']`. */
  readonly field: readonly string[];
  readonly code: ProblemCode;
  /** For people, in English. */
  readonly message: string;
}
