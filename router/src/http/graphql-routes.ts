import cors from '@fastify/cors';
import { badUserInput, MedleyError } from '@medley/errors';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { JSONWebKeySet } from 'jose';
import type { HandleOperation } from '../operation-handler.ts';
import { type OperationResponse, presentFailure } from '../present.ts';
import { readRequestId, requestIdHeader } from './request-id.ts';

export interface GraphqlRoutesOptions {
  readonly handle: HandleOperation;
  readonly bodyLimitBytes: number;
  /** Whose pages may call, as origins such as `https://player.example`. */
  readonly corsOrigins: readonly string[];
  /** The public keys of access tokens, when they are shown here too. */
  readonly readJwks?: (() => Promise<JSONWebKeySet>) | undefined;
}

/**
 * `POST /graphql`, JSON only: a page of another origin cannot send that without asking first, so there is nothing to
 * forge across sites, and GET is not served. What is refused before there is an operation is answered as GraphQL too.
 */
export async function graphqlRoutes(app: FastifyInstance, options: GraphqlRoutesOptions): Promise<void> {
  const { handle, bodyLimitBytes, corsOrigins, readJwks } = options;

  await app.register(async (scope) => {
    await scope.register(cors, {
      origin: [...corsOrigins],
      methods: ['POST'],
      allowedHeaders: ['authorization', 'content-type'],
      exposedHeaders: [requestIdHeader],
      maxAge: 86_400,
    });
    scope.removeContentTypeParser('text/plain');
    scope.setErrorHandler((error: { code?: string; statusCode?: number }, request, reply) => {
      const known = toMedleyError(error, bodyLimitBytes);
      if (known === error) request.log.error({ err: error }, 'a request failed');
      const response = presentFailure(known, requestIdOf(request));
      const status = known === error ? response.status : (error.statusCode ?? response.status);
      return send({ ...response, status }, request, reply);
    });
    scope.post('/graphql', { bodyLimit: bodyLimitBytes }, async (request, reply) => {
      if (request.body === undefined)
        throw Object.assign(new Error(), { code: 'FST_ERR_CTP_INVALID_MEDIA_TYPE', statusCode: 415 });
      const response = await handle({
        body: request.body,
        authorization: request.headers.authorization,
        address: request.ip,
        requestId: requestIdOf(request),
      });
      return send(response, request, reply);
    });
    scope.get('/graphql', (request, reply) => {
      const error = badUserInput('Operations are sent with POST.');
      const response = presentFailure(error, requestIdOf(request));
      return send(
        { ...response, status: 405, headers: { ...response.headers, allow: 'POST' } },
        request,
        reply,
      );
    });
  });

  if (readJwks) {
    app.get('/.well-known/jwks.json', async (_request, reply) => {
      try {
        const keys = await readJwks();
        return await reply.header('cache-control', 'public, max-age=300').send(keys);
      } catch (error) {
        if (!(error instanceof MedleyError)) throw error;
        return reply.code(503).send({ error: error.message });
      }
    });
  }
}

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
      'content-type': `${type}; charset=utf-8`,
      'x-content-type-options': 'nosniff',
      [requestIdHeader]: requestIdOf(request),
    })
    .send(response.body);
}

/** What Fastify says of a request that it cannot read, in our words; the error itself when it is none of these. */
function toMedleyError(error: { code?: string }, bodyLimitBytes: number): unknown {
  switch (error.code) {
    case 'FST_ERR_CTP_BODY_TOO_LARGE':
      return badUserInput(`The body is larger than ${bodyLimitBytes} bytes.`);
    case 'FST_ERR_CTP_INVALID_MEDIA_TYPE':
      return badUserInput('The body must be of type application/json.');
    case 'FST_ERR_CTP_EMPTY_JSON_BODY':
    case 'FST_ERR_CTP_INVALID_JSON_BODY':
    case 'FST_ERR_CTP_INVALID_CONTENT_LENGTH':
      return badUserInput('The body is not JSON.');
    default:
      return error;
  }
}
