import { type IncomingMessage, type Server, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import type { FastifyInstance, FastifyRequest } from 'fastify';

/** A request for a WebSocket, as long as nothing was answered. */
export interface UpgradeRequest {
  /** Hands the connection over, to be answered by who takes it. Fastify's reply must have been hijacked. */
  take(takeOver: (request: IncomingMessage, socket: Duplex, head: Buffer) => void): void;
}

const upgrades = new WeakMap<IncomingMessage, UpgradeRequest>();

export const upgradeOf = (request: FastifyRequest): UpgradeRequest | undefined => upgrades.get(request.raw);

/** Sends requests for WebSockets through the routes and hooks as any other. The ones that no route takes are answered, and closed. */
export function routeUpgrades(app: FastifyInstance): void {
  app.server.on('upgrade', (request: IncomingMessage, socket: Duplex, head: Buffer) => {
    if (request.method !== 'GET' || request.headers.upgrade?.toLowerCase() !== 'websocket') {
      return serveWithoutUpgrade(app.server, request, socket, head);
    }
    const onError = () => socket.destroy();
    socket.on('error', onError);
    const response = new ServerResponse(request);
    response.shouldKeepAlive = false;
    response.assignSocket(socket as Parameters<typeof response.assignSocket>[0]);
    // Not only ended: nobody hears on it any more whether the client goes, and it would stay for ever.
    const onFinish = () => (socket as Socket).destroySoon();
    response.once('finish', onFinish);
    upgrades.set(request, {
      take(takeOver) {
        response.off('finish', onFinish);
        // Who takes it over hears of errors himself; left there, it would hold this request as long as the connection lives.
        socket.off('error', onError);
        response.detachSocket(socket as Parameters<typeof response.detachSocket>[0]);
        takeOver(request, socket, head);
      },
    });
    app.routing(request, response);
  });
}

/**
 * Some clients offer HTTP/2 with each request, a POST too, and take HTTP/1.1 as an answer. Node hands all of them over as soon as anybody listens for
 * WebSockets, with the body unread: they are read again, without the offer.
 */
function serveWithoutUpgrade(server: Server, request: IncomingMessage, socket: Duplex, head: Buffer): void {
  const { method, url, httpVersion, rawHeaders } = request;
  const lines = [`${method} ${url} HTTP/${httpVersion}`];
  for (let index = 0; index < rawHeaders.length; index += 2) {
    const name = rawHeaders[index] as string;
    if (!connectionHeaders.has(name.toLowerCase())) lines.push(`${name}: ${rawHeaders[index + 1]}`);
  }
  socket.unshift(Buffer.concat([Buffer.from(`${lines.join('\r\n')}\r\n\r\n`, 'latin1'), head]));
  server.emit('connection', socket);
}

const connectionHeaders: ReadonlySet<string> = new Set(['connection', 'upgrade', 'http2-settings']);
