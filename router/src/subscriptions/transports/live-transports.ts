import { badUserInput } from '@medley/errors';
import type { Metrics } from '@medley/service';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { upgradeOf } from '../../http/upgrades.ts';
import type { IdentitySource } from '../../identity/read-identity.ts';
import type { OperationRequest } from '../../operation-runner.ts';
import type { OperationResponse } from '../../present.ts';
import type { SubscriptionHandler } from '../subscription-handler.ts';
import { asksForSubscription } from './asks-for-subscription.ts';
import type { LiveGraph } from './live-graph.ts';
import { serveMultipart } from './multipart.ts';
import { createOpenConnections } from './open-connections.ts';
import { serveEventStream } from './server-sent-events.ts';
import { createSingleConnections } from './single-connections.ts';
import { createWebSockets } from './websocket.ts';
import type { WebSocketTimes } from './websocket-connection.ts';

/** What of a request a route knows how to read. */
export interface RouteReader {
  sourceOf(request: FastifyRequest): IdentitySource;
  /** What each answer to it has. */
  headersOf(request: FastifyRequest): Readonly<Record<string, string>>;
}

/** The ways by which results come one after the other, on the path of the graph. */
export interface LiveTransports {
  /** Whether a POST may ask for a stream: a look at its headers. */
  mayStream(request: FastifyRequest): boolean;
  /**
   * Answers a POST with a stream, when it asks for one.
   * @returns `ordinary` when it does not; the answer to one that is refused; undefined when it was answered
   */
  post(
    request: FastifyRequest,
    reply: FastifyReply,
    operation: OperationRequest,
    headers: Readonly<Record<string, string>>,
  ): Promise<OperationResponse | 'ordinary' | undefined>;
  /**
   * Answers a GET that asks for a WebSocket or for the stream of a token.
   * @returns whether it does
   * @throws MedleyError
   */
  get(request: FastifyRequest, reply: FastifyReply, headers: Readonly<Record<string, string>>): boolean;
  /** Adds `PUT` and `DELETE`. What is thrown there is answered by the scope. */
  addRoutes(scope: FastifyInstance, read: RouteReader): void;
  /** Ends all streams and sends the clients to another process. */
  drain(): Promise<void>;
}

/** The header that names the stream of a client in graphql-sse's single connection mode. */
export const streamTokenHeader = 'x-graphql-event-stream-token';

// How long clients may take to go.
const closeGraceMs = 2_000;

export function createLiveTransports({
  graph,
  subscriptions,
  corsOrigins,
  metrics,
  webSocketTimes,
}: {
  graph: LiveGraph;
  subscriptions: SubscriptionHandler;
  corsOrigins: readonly string[];
  metrics: Metrics;
  webSocketTimes?: Partial<WebSocketTimes> | undefined;
}): LiveTransports {
  const connections = createOpenConnections(metrics);
  const singleConnections = createSingleConnections(graph, connections);
  const takeWebSocket = createWebSockets({ graph, connections, corsOrigins, times: webSocketTimes });

  return {
    mayStream: ({ headers }) =>
      headers[streamTokenHeader] !== undefined ||
      (headers.accept !== undefined && takesStream(headers.accept.toLowerCase())),

    async post(request, reply, operation, headers) {
      const token = tokenOf(request);
      if (token !== undefined) {
        await singleConnections.start(token, operation);
        reply.code(202).headers(headers).send();
        return undefined;
      }
      const accept = (request.headers.accept ?? '').toLowerCase();
      const isSubscription = asksForSubscription(operation.body, graph.limits);
      // Many clients name all that they can read in each request: a single answer is for them what it was.
      if (!isSubscription && jsonTypes.test(accept)) return 'ordinary';
      if (accept.includes('text/event-stream')) {
        serveEventStream(graph, operation, reply, headers, connections);
        return undefined;
      }
      return isSubscription ? serveMultipart(graph, operation, reply, headers, connections) : 'ordinary';
    },

    get(request, reply, headers) {
      // Fastify brings HEAD here too, whose answer has no body to stream.
      if (request.method !== 'GET') return false;
      const upgrade = upgradeOf(request);
      const token = tokenOf(request);
      if (upgrade) takeWebSocket(request, reply, upgrade);
      else if (token !== undefined) singleConnections.open(token, reply, headers);
      return upgrade !== undefined || token !== undefined;
    },

    addRoutes(scope, { sourceOf, headersOf }) {
      scope.put('/graphql', async (request, reply) => {
        const token = await singleConnections.reserve(sourceOf(request));
        return reply.code(201).headers(headersOf(request)).type('text/plain; charset=utf-8').send(token);
      });
      scope.delete('/graphql', async (request, reply) => {
        const { operationId } = request.query as { operationId?: unknown };
        if (typeof operationId !== 'string')
          throw badUserInput('The parameter "operationId" says what to stop.');
        const token = tokenOf(request);
        if (token === undefined)
          throw badUserInput('The token of an event stream says whose operation to stop.');
        singleConnections.stop(token, operationId);
        return reply.headers(headersOf(request)).send();
      });
    },

    async drain() {
      // Each stream that ends sends its client away; then those follow that have none.
      await subscriptions.drain();
      await connections.drain(closeGraceMs);
    },
  };
}

/** @param accept in lower case. A regular expression for it would go over a long header again and again. */
const takesStream = (accept: string) =>
  accept
    .split(',')
    .some(
      (type) =>
        type.includes('text/event-stream') ||
        (type.includes('multipart/mixed') && type.includes('subscriptionspec')),
    );

const jsonTypes = /application\/(?:graphql-response\+)?json/i;

/** From the header, or the parameter `token`: a browser's EventSource sends no headers of a page's own. */
function tokenOf(request: FastifyRequest): string | undefined {
  const { token } = request.query as { token?: unknown };
  const named = request.headers[streamTokenHeader] ?? token;
  return typeof named === 'string' ? named : undefined;
}
