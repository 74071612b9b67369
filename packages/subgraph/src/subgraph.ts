import { ApolloServer, HeaderMap } from '@apollo/server';
import {
  ApolloServerPluginInlineTraceDisabled,
  ApolloServerPluginLandingPageDisabled,
} from '@apollo/server/plugin/disabled';
import { buildSubgraphSchema } from '@apollo/subgraph';
import { maskError } from '@medley/errors';
import { type IdentityClaims, IdentityError, type IdentityVerifier } from '@medley/identity';
import { readSubgraphSdl, type SubgraphName } from '@medley/schema';
import type { Logger } from '@medley/service';
import { parse } from 'graphql';
import { type RequestInfo, type SubgraphContext, toRequestInfo } from './request-info.ts';
import { scalars } from './scalars.ts';
import { createSubscriptions, type SubgraphEvent } from './subscriptions.ts';

export interface SubgraphOptions<Context extends SubgraphContext> {
  readonly name: SubgraphName;
  /** The generated `Resolvers`; the scalars of schema/shared.graphql are added. */
  readonly resolvers: object;
  /** Makes the context of one request, with its loaders. */
  readonly createContext: (request: RequestInfo) => Context;
  readonly identity: IdentityVerifier;
  readonly logger: Logger;
}

export interface SignedBody {
  /** A GraphQL request as JSON. */
  readonly body: string;
  /** The header `x-medley-identity`. */
  readonly identity: string | undefined;
}

export interface SubgraphResponse {
  readonly status: number;
  /** A GraphQL result as JSON. */
  readonly body: string;
  readonly cacheControl?: string | undefined;
}

/** A subgraph without a transport: texts in, texts out. HTTP and in-process callers use the same. */
export interface Subgraph {
  readonly name: SubgraphName;
  /** Never throws: what goes wrong is in the status (200, 400, 401, 500) and in `errors`. */
  execute(request: SignedBody): Promise<SubgraphResponse>;
  /**
   * Begins a subscription. Never throws: a refusal is as `execute` would answer it, and 503 while it stops.
   * @param request whoever began it ends it by the signal, also while he waits for the next event
   * @returns events that are made when they are asked for. They return when the stream ended for good or the signal was aborted, and throw when it may be
   *   begun again after the last cursor: this process stops, or something failed that may work the next time
   */
  subscribe(
    request: SignedBody & { readonly signal: AbortSignal },
  ): Promise<SubgraphResponse | { readonly events: AsyncIterable<SubgraphEvent> }>;
  /** Breaks all subscriptions off, so that they are begun again elsewhere. Everything else goes on until `stop`. */
  stopSubscriptions(): void;
  stop(): Promise<void>;
}

/** The one bootstrap of all subgraphs: schema, identity, error masking, logging. */
export async function createSubgraph<Context extends SubgraphContext>(
  options: SubgraphOptions<Context>,
): Promise<Subgraph> {
  const { name, identity, logger, createContext } = options;
  const schema = buildSubgraphSchema({
    typeDefs: parse(readSubgraphSdl(name)),
    resolvers: { ...options.resolvers, ...scalars } as never,
  });
  const subscriptions = createSubscriptions({ schema, createContext, logger });
  const server = new ApolloServer<Context>({
    schema,
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

  /** Whatever goes wrong becomes an answer. */
  async function withClaims<Answer>(
    { body, identity: header }: SignedBody,
    proceed: (json: unknown, claims: IdentityClaims) => Promise<Answer>,
  ): Promise<Answer | SubgraphResponse> {
    let requestId: string | undefined;
    try {
      const claims = identity.verify(header, body);
      requestId = claims.requestId;
      const json = parseJson(body);
      if (json === undefined) return failure(400, 'BAD_USER_INPUT', 'The body is not JSON.');
      return await proceed(json, claims);
    } catch (error) {
      if (error instanceof IdentityError) {
        logger.warn({ reason: error.reason }, 'refused a request');
        return failure(401, 'UNAUTHENTICATED', 'The request is not signed for this subgraph.');
      }
      logger.error({ err: error, requestId }, 'a request failed');
      return failure(500, 'INTERNAL', 'Something went wrong on our side.');
    }
  }

  return {
    name,
    execute: (request) => withClaims(request, (json, claims) => answer(json, toRequestInfo(claims))),
    subscribe: (request) =>
      withClaims(request, async (json, claims) => {
        if (subscriptions.stopped) return failure(503, 'UPSTREAM_UNAVAILABLE', 'The subgraph stops.');
        const begun = await subscriptions.begin(json, toRequestInfo(claims), request.signal);
        return 'events' in begun ? begun : { status: 200, body: JSON.stringify({ errors: begun.refusal }) };
      }),
    stopSubscriptions: () => subscriptions.stop(),
    async stop() {
      subscriptions.stop();
      await server.stop();
    },
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

function failure(status: number, code: string, message: string): SubgraphResponse {
  return { status, body: JSON.stringify({ errors: [{ message, extensions: { code } }] }) };
}
