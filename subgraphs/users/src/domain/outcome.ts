/** Why an input was not taken; UserErrorCode of the schema. */
export type ProblemCode =
  | 'INVALID'
  | 'TOO_SHORT'
  | 'TOO_LONG'
  | 'TAKEN'
  | 'TOO_COMMON'
  | 'CREDENTIALS_REJECTED'
  | 'TOKEN_REJECTED'
  | 'THROTTLED'
  | 'NOT_FOUND';

/** Something that the person at the screen can mend. */
export interface Problem {
  /** The input field, such as `email`; null when it is about none. */
  readonly field: string | null;
  readonly code: ProblemCode;
  /** For people, in English. */
  readonly message: string;
}

/** What a use case gives back: expected failures are values. */
export type Outcome<Value> =
  | { readonly ok: true; readonly value: Value }
  | { readonly ok: false; readonly problems: readonly Problem[] };

export const done = <Value>(value: Value): Outcome<Value> => ({ ok: true, value });

export const refused = (...problems: readonly Problem[]): { ok: false; problems: readonly Problem[] } => ({
  ok: false,
  problems,
});

/** The problems among checked inputs, in their order. */
export const problemsOf = (...outcomes: readonly Outcome<unknown>[]): Problem[] =>
  outcomes.flatMap((outcome) => (outcome.ok ? [] : outcome.problems));
