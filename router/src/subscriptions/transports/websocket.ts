import type { FastifyReply, FastifyRequest } from 'fastify';
import { CloseCode, GRAPHQL_TRANSPORT_WS_PROTOCOL } from 'graphql-ws';
import { WebSocketServer } from 'ws';
import { isAllowedOrigin } from '../../http/allowed-origin.ts';
import type { UpgradeRequest } from '../../http/upgrades.ts';
import type { LiveGraph } from './live-graph.ts';
import type { OpenConnections } from './open-connections.ts';
import { serveWebSocket, type WebSocketTimes } from './websocket-connection.ts';

const defaultTimes: WebSocketTimes = { initMs: 10_000, pingMs: 15_000, stallMs: 30_000 };

/** Takes over the connections of requests that ask for a WebSocket. */
export function createWebSockets({
  graph,
  connections,
  corsOrigins,
  times = {},
}: {
  graph: LiveGraph;
  connections: OpenConnections;
  /** Whose pages may connect, beside those of our own host. */
  corsOrigins: readonly string[];
  times?: Partial<WebSocketTimes> | undefined;
}): (request: FastifyRequest, reply: FastifyReply, upgrade: UpgradeRequest) => void {
  const server = new WebSocketServer({
    noServer: true,
    clientTracking: false,
    maxPayload: graph.limits.bodyBytes,
    // Results are short, and a context for each connection takes more memory than all else of it.
    perMessageDeflate: false,
    // Of unknown ones any is taken, to be closed with the protocol's code: else a client is told nothing.
    handleProtocols: (offered) =>
      offered.has(GRAPHQL_TRANSPORT_WS_PROTOCOL) ? GRAPHQL_TRANSPORT_WS_PROTOCOL : ([...offered][0] ?? false),
  });

  return (request, reply, upgrade) => {
    const { origin, host, authorization } = request.headers;
    if (connections.isDraining) {
      reply.code(503).send({ message: 'this service stops: connect again' });
      return;
    }
    // A page of any site may open a WebSocket, and CORS does not hold it back.
    if (origin !== undefined && !isAllowedOrigin(origin, host, corsOrigins)) {
      reply.code(403).send({ message: 'pages of this origin may not connect' });
      return;
    }
    reply.hijack();
    const { ip } = request;
    upgrade.take((raw, socket, head) =>
      server.handleUpgrade(raw, socket, head, (webSocket) => {
        if (webSocket.protocol !== GRAPHQL_TRANSPORT_WS_PROTOCOL) {
          webSocket.on('error', () => {});
          webSocket.close(CloseCode.SubprotocolNotAcceptable, 'Subprotocol not acceptable');
          return;
        }
        const close = serveWebSocket({
          graph,
          socket: webSocket,
          stream: socket,
          authorization,
          address: ip,
          times: { ...defaultTimes, ...times },
        });
        const terminate = () => webSocket.terminate();
        webSocket.once('close', connections.add('websocket', close, terminate));
      }),
    );
  };
}
