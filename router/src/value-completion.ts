import { GraphQLError } from 'graphql';

interface Result {
  data?: Record<string, unknown> | null;
  errors?: readonly GraphQLError[];
  extensions?: Record<string, unknown>;
}

/**
 * Turns the gateway's `extensions.valueCompletion`, which it writes instead of errors where a value is missing that may
 * not be null, into errors with path and code: one for each place where the null came to rest.
 *
 * A subgraph that fails says so itself, so what is missing in silence is an entity that its owner does not have: another
 * subgraph still refers to it. That is NOT_FOUND; anything else is a bug and INTERNAL.
 */
export function completeValues(result: Result): Result {
  const { valueCompletion, ...extensions } = result.extensions ?? {};
  if (!Array.isArray(valueCompletion)) return result;
  const errors = new Map<string, GraphQLError>();
  for (const { message, path = [] } of valueCompletion as readonly GraphQLError[]) {
    const nullPath = findNull(result.data, path);
    const key = JSON.stringify(nullPath);
    if (!errors.has(key)) errors.set(key, toError(message, nullPath));
  }
  return {
    ...result,
    errors: [...(result.errors ?? []), ...errors.values()],
    extensions: Object.keys(extensions).length > 0 ? extensions : undefined,
  };
}

function toError(message: string, path: (string | number)[]): GraphQLError {
  return message.startsWith('Cannot return null for non-nullable')
    ? new GraphQLError('What this refers to is not there any more.', {
        path,
        extensions: { code: 'NOT_FOUND' },
      })
    : new GraphQLError(message, { path, extensions: { code: 'INTERNAL' } });
}

/** The longest part of the path that is there: what stands at its end is null. */
function findNull(data: unknown, path: readonly (string | number)[]): (string | number)[] {
  const found: (string | number)[] = [];
  let value = data;
  for (const step of path) {
    if (value === null || value === undefined) break;
    value = (value as Record<string | number, unknown>)[step];
    found.push(step);
  }
  return found;
}
