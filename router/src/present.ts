import { type ErrorCode, MedleyError, maskError } from '@medley/errors';
import type { FormattedExecutionResult, GraphQLFormattedError } from 'graphql';

/** An answer to a client, ready to send. */
export interface OperationResponse {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  /** JSON. */
  readonly body: string;
  /** The codes of its errors, for the log. */
  readonly codes: readonly string[];
}

// For requests of which nothing ran; an answer with data is 200, whatever part of it failed.
const statusByCode: Readonly<Record<ErrorCode, number>> = {
  BAD_USER_INPUT: 400,
  UNAUTHENTICATED: 401,
  FORBIDDEN: 403,
  NOT_FOUND: 404,
  CONFLICT: 409,
  RATE_LIMITED: 429,
  COST_EXCEEDED: 400,
  UPSTREAM_TIMEOUT: 504,
  UPSTREAM_UNAVAILABLE: 503,
  TOO_SLOW: 408,
  INTERNAL: 500,
};

/** @param result with errors that are masked already; each gets the request's id */
export function presentResult(
  result: FormattedExecutionResult,
  requestId: string,
  headers: Readonly<Record<string, string>> = {},
): OperationResponse {
  const errors = result.errors?.map((error) => withRequestId(error, requestId));
  const codes = errors?.map((error) => String(error.extensions?.code)) ?? [];
  const status = 'data' in result || !codes[0] ? 200 : (statusByCode[codes[0] as ErrorCode] ?? 500);
  return {
    status,
    headers,
    body: JSON.stringify(errors ? { ...result, errors } : result),
    codes,
  };
}

/** A request that was refused, or that failed, before there was an operation. */
export function presentFailure(error: unknown, requestId: string): OperationResponse {
  const formatted = error instanceof MedleyError ? error.toJSON() : { message: '' };
  return presentResult({ errors: [maskError(formatted, error).shown] }, requestId, {
    'cache-control': 'no-store',
  });
}

/**
 * Tells a client that was answered 401 how to come back. By RFC 6750 section 3.1 the error is named only to those who
 * sent a token; the others may not have known that they need one.
 * @param authorization the header of the request
 */
export function challenge(response: OperationResponse, authorization: string | undefined): OperationResponse {
  if (response.status !== 401) return response;
  const sentToken = /^Bearer +\S/i.test(authorization ?? '');
  const scheme = sentToken ? 'Bearer error="invalid_token"' : 'Bearer';
  return { ...response, headers: { ...response.headers, 'www-authenticate': scheme } };
}

export function withRequestId(error: GraphQLFormattedError, requestId: string): GraphQLFormattedError {
  return { ...error, extensions: { ...error.extensions, requestId } };
}
