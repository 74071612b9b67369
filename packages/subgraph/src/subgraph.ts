import { ApolloServer, HeaderMap } from '@apollo/server';
import {
  ApolloServerPluginInlineTraceDisabled,
  ApolloServerPluginLandingPageDisabled,
} from '@apollo/server/plugin/disabled';
import { buildSubgraphSchema } from '@apollo/subgraph';
import { maskError } from '@medley/errors';
import { IdentityError, type IdentityVerifier } from '@medley/identity';
import { readSubgraphSdl, type SubgraphName } from '@medley/schema';
import type { Logger } from '@medley/service';
import { parse } from 'graphql';
import { type RequestInfo, type SubgraphContext, toRequestInfo } from './request-info.ts';
import { scalars } from './scalars.ts';

export interface SubgraphOptions<Context extends SubgraphContext> {
  readonly name: SubgraphName;
  /** The generated `Resolvers`; the scalars of schema/shared.graphql are added. */
  readonly resolvers: object;
  /** Makes the context of one request, with its loaders. */
  readonly createContext: (request: RequestInfo) => Context;
  readonly identity: IdentityVerifier;
  readonly logger: Logger;
}

/** A subgraph without a transport: texts in, texts out. HTTP and in-process callers use the same. */
export interface Subgraph {
  readonly name: SubgraphName;
  /** Never throws: what goes wrong is in the status (200, 400, 401, 500) and in `errors`. */
  execute(request: {
    /** A GraphQL request as JSON. */
    body: string;
    /** The header `x-medley-identity`. */
    identity: string | undefined;
  }): Promise<{ status: number; body: string; cacheControl?: string | undefined }>;
  stop(): Promise<void>;
}

/** The one bootstrap of all subgraphs: schema, identity, error masking, logging. */
export async function createSubgraph<Context extends SubgraphContext>(
  options: SubgraphOptions<Context>,
): Promise<Subgraph> {
  const { name, identity, logger, createContext } = options;
  const server = new ApolloServer<Context>({
    schema: buildSubgraphSchema({
      typeDefs: parse(readSubgraphSdl(name)),
      resolvers: { ...options.resolvers, ...scalars } as never,
    }),
    // The router alone asks, and it composes from the committed files; introspection would only be a leak.
    introspection: false,
    csrfPrevention: false,
    includeStacktraceInErrorResponses: false,
    stopOnTerminationSignals: false,
    stringifyResult: JSON.stringify,
    formatError: (formatted, error) => maskError(formatted, error).shown,
    plugins: [
      ApolloServerPluginLandingPageDisabled(),
      ApolloServerPluginInlineTraceDisabled(),
      errorLog(logger),
    ],
    logger,
  });
  await server.start();

  async function answer(json: unknown, request: RequestInfo) {
    const response = await server.executeHTTPGraphQLRequest({
      httpGraphQLRequest: { method: 'POST', headers: jsonHeaders, search: '', body: json },
      context: async () => createContext(request),
    });
    if (response.body.kind !== 'complete') throw new Error('a subgraph answers in one piece');
    return {
      // A document that does not validate is a bug between router and subgraph, but its answer is still GraphQL.
      status: 200,
      body: response.body.string,
      cacheControl: response.headers.get('cache-control'),
    };
  }

  return {
    name,
    async execute({ body, identity: header }) {
      let requestId: string | undefined;
      try {
        const request = toRequestInfo(identity.verify(header, body));
        requestId = request.requestId;
        const json = parseJson(body);
        if (json === undefined) return failure(400, 'BAD_USER_INPUT', 'The body is not JSON.');
        return await answer(json, request);
      } catch (error) {
        if (error instanceof IdentityError) {
          logger.warn({ reason: error.reason }, 'refused a request');
          return failure(401, 'UNAUTHENTICATED', 'The request is not signed for this subgraph.');
        }
        logger.error({ err: error, requestId }, 'a request failed');
        return failure(500, 'INTERNAL', 'Something went wrong on our side.');
      }
    },
    stop: () => server.stop(),
  };
}

const jsonHeaders = new HeaderMap([
  ['content-type', 'application/json'],
  ['accept', 'application/json'],
]);

function errorLog<Context extends SubgraphContext>(logger: Logger) {
  return {
    async requestDidStart() {
      return {
        async didEncounterErrors({
          errors,
          contextValue,
        }: {
          errors: readonly Error[];
          contextValue: Context;
        }) {
          for (const error of errors) {
            const formatted =
              'toJSON' in error ? (error as { toJSON(): never }).toJSON() : { message: error.message };
            if (!maskError(formatted, error).unexpected) continue;
            logger.error({ err: error, requestId: contextValue.request.requestId }, 'a resolver failed');
          }
        },
      };
    },
  };
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function failure(status: number, code: string, message: string) {
  return { status, body: JSON.stringify({ errors: [{ message, extensions: { code } }] }) };
}
