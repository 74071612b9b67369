/** Why an input was not taken; of `UserErrorCode` in the schema. */
export type ProblemCode = 'INVALID' | 'TOO_LONG' | 'LIMIT_REACHED' | 'CONFLICT';

/** Something that the person at the screen, or the player, can mend. */
export interface Problem {
  /** The path within the input, such as `['device', 'id']`. */
  readonly field: readonly string[];
  readonly code: ProblemCode;
  /** For people, in English. */
  readonly message: string;
}

/**
 * What is wrong with a text that a client made up; none when it is good.
 * @param maxLength in code points
 */
export function problemsOfText(field: readonly string[], text: string, maxLength: number): Problem[] {
  const length = [...text].length;
  if (length > maxLength)
    return [{ field, code: 'TOO_LONG', message: `At most ${maxLength} characters, got ${length}.` }];
  // Half a character, and what is not for people.
  if (!/[\p{Surrogate}\p{Control}]/u.test(text)) return [];
  return [{ field, code: 'INVALID', message: 'It has characters that are none.' }];
}
