import { maskError } from '@medley/errors';
import type { Logger } from '@medley/service';
import { type FormattedExecutionResult, GraphQLError, type GraphQLFormattedError } from 'graphql';
import { withRequestId } from '../present.ts';
import type { StreamedResult } from './subscription-handler.ts';

/** Errors as clients see them, but for the id of the request. */
export type ShownErrors = readonly GraphQLFormattedError[];

/** Shows errors to clients; what is hidden from them is logged. */
export function maskErrors(errors: readonly unknown[], requestId: string, logger: Logger): ShownErrors {
  return errors.map((error) => {
    const formatted = error instanceof GraphQLError ? error.toJSON() : { message: '' };
    const { shown, unexpected } = maskError(formatted, error);
    if (unexpected) logger.error({ err: error, requestId }, 'masked');
    return shown;
  });
}

/** Whether somebody is refused for who he is, or is not: as somebody else he might have been let in. */
export const isAccessDenied = (errors: ShownErrors): boolean =>
  errors.some(({ extensions }) =>
    ['NOT_FOUND', 'FORBIDDEN', 'UNAUTHENTICATED'].includes(String(extensions?.code)),
  );

/** @param result with its errors masked */
export function toStreamedResult(
  { data, errors = [] }: FormattedExecutionResult,
  requestId: string,
): StreamedResult {
  const value: FormattedExecutionResult = {
    ...(data !== undefined && { data }),
    ...(errors.length > 0 && { errors: errors.map((error) => withRequestId(error, requestId)) }),
  };
  return { value, text: JSON.stringify(value) };
}
