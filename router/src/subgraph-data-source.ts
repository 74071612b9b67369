import type { GraphQLDataSource } from '@apollo/gateway';
import { errorCodes, MedleyError } from '@medley/errors';
import { GraphQLError, type GraphQLFormattedError } from 'graphql';
import { readMaxAge } from './cache-control.ts';
import type { Asker } from './context.ts';
import { findFetchedPaths } from './fetched-paths.ts';
import type { SubgraphCaller } from './subgraph-caller.ts';

/** How the gateway asks a subgraph. A failure becomes an error for each field that is missing because of it. */
export function createSubgraphDataSource(caller: SubgraphCaller): GraphQLDataSource {
  return {
    async process(options) {
      const { query = '', variables, operationName } = options.request;
      const context = options.context as Asker;
      try {
        const answer = await caller.call({ query, variables, operationName }, context);
        if ('incomingRequestContext' in options) {
          // What an answer depends on, the market, the explicit filter and the viewer, is not in the URL: a shared cache
          // would hand it to others.
          const hint = { maxAge: readMaxAge(answer.cacheControl), scope: 'PRIVATE' } as const;
          options.incomingRequestContext.overallCachePolicy.restrict(hint);
        }
        return {
          data: answer.data,
          ...(answer.errors.length > 0 && { errors: answer.errors.map(toTrustedError) }),
        };
      } catch (error) {
        if (!(error instanceof MedleyError)) throw error;
        const paths = findFetchedPaths(query, variables);
        // The gateway takes their paths relative to this fetch and puts them where the fetch belongs.
        return {
          data: null,
          errors: paths.map(
            (path) => new GraphQLError(error.message, { path, extensions: error.extensions }),
          ),
        };
      }
    },
  };
}

/**
 * Subgraphs mask their own errors, so a known code means that the message is for clients. Anything else is not:
 * without a code the mask of the router hides it.
 */
export function toTrustedError({ message, path, extensions }: GraphQLFormattedError): GraphQLError {
  const known = errorCodes.some((code) => code === extensions?.code && code !== 'INTERNAL');
  const { stacktrace: _, exception: __, ...shown } = extensions ?? {};
  return new GraphQLError(message, { path, extensions: known ? shown : { code: 'INTERNAL' } });
}
