import cors from '@fastify/cors';
import { badUserInput, MedleyError } from '@medley/errors';
import type { FastifyPluginAsync, FastifyReply, FastifyRequest } from 'fastify';
import type { Limits } from '../limits/limits.ts';
import type { HandleOperation } from '../operation-handler.ts';
import { challenge, type OperationResponse, presentFailure } from '../present.ts';
import type { RateLimiter } from '../rate-limit/rate-limiter.ts';
import { type LiveTransports, streamTokenHeader } from '../subscriptions/transports/live-transports.ts';
import { limitRate, type RateObserver, rateLimitHeaders } from './limit-rate.ts';
import { readRequestId, requestIdHeader } from './request-id.ts';

export interface GraphRouteOptions {
  readonly handle: HandleOperation;
  readonly limits: Pick<Limits, 'bodyBytes'>;
  /** Whose pages may call: origins such as `https://player.example`, or `*` for all. None may send cookies. */
  readonly corsOrigins: readonly string[] | '*';
  /** The header `authorization` is for graphs that know credentials. */
  readonly takesCredentials: boolean;
  /** Limits requests by the client's address. */
  readonly rateLimit?: { readonly limiter: RateLimiter; readonly observe: RateObserver } | undefined;
  /** For graphs that have subscriptions. */
  readonly live?: LiveTransports | undefined;
}

/**
 * `POST …/graphql`, JSON only: a page of another origin cannot send that without asking first, so there is nothing to
 * forge across sites, and GET runs no operation. What is refused before there is an operation is answered as GraphQL too.
 */
export function graphRoute(options: GraphRouteOptions): FastifyPluginAsync {
  const { handle, corsOrigins, takesCredentials, rateLimit, live } = options;
  const { bodyBytes } = options.limits;

  return async (scope) => {
    await scope.register(cors, {
      origin: corsOrigins === '*' ? '*' : [...corsOrigins],
      methods: ['POST', ...(live ? ['PUT', 'GET', 'DELETE'] : [])],
      allowedHeaders: [
        'content-type',
        ...(takesCredentials ? ['authorization'] : []),
        ...(live ? [streamTokenHeader] : []),
      ],
      exposedHeaders: [requestIdHeader, ...(rateLimit ? rateLimitHeaders : [])],
      maxAge: 86_400,
    });
    scope.removeContentTypeParser('text/plain');
    scope.setErrorHandler((error: { code?: string; statusCode?: number }, request, reply) => {
      const known = toMedleyError(error, bodyBytes);
      if (!known) request.log.error({ err: error }, 'a request failed');
      const failure = presentFailure(known ?? error, requestIdOf(request));
      const response = challenge(failure, request.headers.authorization);
      const status = known && known !== error ? (error.statusCode ?? response.status) : response.status;
      return send({ ...response, status }, request, reply);
    });
    // Behind CORS, which has answered preflights by now: they are not counted, and a page can read its refusal.
    if (rateLimit) limitRate(scope, rateLimit.limiter, rateLimit.observe);

    scope.post('/graphql', { bodyLimit: bodyBytes }, async (request, reply) => {
      if (request.body === undefined)
        throw Object.assign(new Error(), { code: 'FST_ERR_CTP_INVALID_MEDIA_TYPE', statusCode: 415 });
      const operation = { ...sourceOf(request), body: request.body, requestId: requestIdOf(request) };
      if (live?.mayStream(request)) {
        const response = await live.post(request, reply, operation, headersOf(request));
        if (response === undefined) return reply;
        if (response !== 'ordinary') return send(response, request, reply);
      }
      return send(await handle(operation), request, reply);
    });
    live?.addRoutes(scope, { sourceOf, headersOf });
    scope.get('/graphql', (request, reply) => {
      if (live?.get(request, reply, headersOf(request))) return reply;
      const error = badUserInput('Operations are sent with POST.');
      const response = presentFailure(error, requestIdOf(request));
      return send(
        { ...response, status: 405, headers: { ...response.headers, allow: 'POST' } },
        request,
        reply,
      );
    });
  };
}

const sourceOf = ({ headers, ip }: FastifyRequest) => ({ authorization: headers.authorization, address: ip });

const headersOf = (request: FastifyRequest) => ({
  'x-content-type-options': 'nosniff',
  [requestIdHeader]: requestIdOf(request),
});

const requestIds = new WeakMap<FastifyRequest, string>();

/** The same id each time. */
function requestIdOf(request: FastifyRequest): string {
  let id = requestIds.get(request);
  if (!id) {
    id = readRequestId(request);
    requestIds.set(request, id);
  }
  return id;
}

const graphqlResponse = 'application/graphql-response+json';

function send(response: OperationResponse, request: FastifyRequest, reply: FastifyReply): FastifyReply {
  const type = request.headers.accept?.includes(graphqlResponse) ? graphqlResponse : 'application/json';
  return reply
    .code(response.status)
    .headers({
      ...response.headers,
      ...headersOf(request),
      'content-type': `${type}; charset=utf-8`,
    })
    .send(response.body);
}

/** What Fastify says of a request that it cannot read, in our words; undefined when it is none of these. */
function toMedleyError(error: { code?: string }, bodyBytes: number): MedleyError | undefined {
  if (error instanceof MedleyError) return error;
  switch (error.code) {
    case 'FST_ERR_CTP_BODY_TOO_LARGE':
      return badUserInput(`The body is larger than ${bodyBytes} bytes.`);
    case 'FST_ERR_CTP_INVALID_MEDIA_TYPE':
      return badUserInput('The body must be of type application/json.');
    case 'FST_ERR_CTP_EMPTY_JSON_BODY':
    case 'FST_ERR_CTP_INVALID_JSON_BODY':
    case 'FST_ERR_CTP_INVALID_CONTENT_LENGTH':
      return badUserInput('The body is not JSON.');
    default:
      return undefined;
  }
}
