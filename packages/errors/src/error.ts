import { GraphQLError } from 'graphql';

/** What `extensions.code` of an error can be. The list may grow. */
export const errorCodes = [
  'BAD_USER_INPUT',
  'UNAUTHENTICATED',
  'FORBIDDEN',
  'NOT_FOUND',
  'CONFLICT',
  'RATE_LIMITED',
  'COST_EXCEEDED',
  'UPSTREAM_TIMEOUT',
  'UPSTREAM_UNAVAILABLE',
  // A subscriber did not take what waited for him.
  'TOO_SLOW',
  'INTERNAL',
] as const;
export type ErrorCode = (typeof errorCodes)[number];

/** An error whose message is meant for clients. Everything else is masked. */
export class MedleyError extends GraphQLError {
  /** @param extensions more for the client, such as `missingScopes`; never a stack, a URL or SQL */
  constructor(code: ErrorCode, message: string, extensions: Record<string, unknown> = {}) {
    super(message, { extensions: { ...extensions, code } });
    this.name = 'MedleyError';
  }
}

/** Says what was expected and what came. */
export const badUserInput = (message: string) => new MedleyError('BAD_USER_INPUT', message);

/** Nobody is signed in, or the credential is not good. */
export const unauthenticated = (message: string) => new MedleyError('UNAUTHENTICATED', message);

/** The credential is good, but lacks scopes. */
export const forbidden = (message: string, missingScopes: readonly string[]) =>
  new MedleyError('FORBIDDEN', message, { missingScopes });
