import { GraphQLError, type GraphQLFormattedError } from 'graphql';
import { type ErrorCode, errorCodes, MedleyError } from './error.ts';

export interface MaskedError {
  /** What the client gets. */
  readonly shown: GraphQLFormattedError;
  /** Whether something went wrong that an operator should see: log the original then. */
  readonly unexpected: boolean;
}

// What Apollo Server and graphql-js say of a client's own mistakes; their messages are made for clients.
const clientMistakes: Readonly<Record<string, ErrorCode>> = {
  GRAPHQL_PARSE_FAILED: 'BAD_USER_INPUT',
  GRAPHQL_VALIDATION_FAILED: 'BAD_USER_INPUT',
  BAD_REQUEST: 'BAD_USER_INPUT',
  OPERATION_RESOLUTION_FAILURE: 'BAD_USER_INPUT',
};

/** Lets the messages through that were made for clients and hides all others: no stack, URL or SQL gets out. */
export function maskError(formatted: GraphQLFormattedError, original: unknown): MaskedError {
  const code = String(formatted.extensions?.code ?? 'INTERNAL');
  const shown = (message: string, extensions: Record<string, unknown>): GraphQLFormattedError => ({
    message,
    ...(formatted.locations && { locations: formatted.locations }),
    ...(formatted.path && { path: formatted.path }),
    extensions,
  });
  const mistake = clientMistakes[code];
  if (mistake) return { shown: shown(formatted.message, { code: mistake }), unexpected: false };
  const known = errorCodes.find((candidate) => candidate === code);
  if (known && known !== 'INTERNAL' && isMeantForClients(original)) {
    const { stacktrace: _, serviceName: __, ...extensions } = { ...formatted.extensions };
    return { shown: shown(formatted.message, { ...extensions, code: known }), unexpected: false };
  }
  return { shown: shown('Something went wrong on our side.', { code: 'INTERNAL' }), unexpected: true };
}

function isMeantForClients(error: unknown): boolean {
  if (error instanceof MedleyError) return true;
  if (!(error instanceof GraphQLError)) return false;
  // Wrapped by graphql-js with a path, or thrown by its own coercion of variables and arguments.
  return error.originalError ? isMeantForClients(error.originalError) : true;
}
