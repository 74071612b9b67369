import type { Outcome } from '../domain/outcome.ts';

/** The problems of an outcome in the schema's shape; none when it went well. */
export const userErrorsOf = (outcome: Outcome<unknown>) =>
  outcome.ok
    ? []
    : outcome.problems.map(({ field, code, message }) => ({
        field: field === null ? null : ['input', field],
        code,
        message,
      }));
