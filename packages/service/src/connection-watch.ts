import type { Server } from 'node:http';
import type { Socket } from 'node:net';

export interface ConnectionWatch {
  /**
   * Closes each connection as soon as nothing is under way on it, and what is left after `lingerMs`. Node's own
   * `close` waits up to a minute for a connection on which no request was ever sent, as browsers open them ahead.
   * @returns a function that calls the deadline off
   */
  finish(lingerMs: number): () => void;
}

export function watchConnections(server: Server): ConnectionWatch {
  const requestsOn = new Map<Socket, number>();
  let finishing = false;

  const closeWhenIdle = (socket: Socket) => {
    if (finishing && requestsOn.get(socket) === 0) socket.destroySoon();
  };
  const count = (socket: Socket, change: 1 | -1) => {
    const before = requestsOn.get(socket);
    if (before === undefined) return;
    requestsOn.set(socket, before + change);
    closeWhenIdle(socket);
  };
  server.on('connection', (socket) => {
    requestsOn.set(socket, 0);
    socket.once('close', () => requestsOn.delete(socket));
    closeWhenIdle(socket);
  });
  server.on('request', ({ socket }, response) => {
    count(socket, 1);
    response.once('close', () => count(socket, -1));
  });

  return {
    finish(lingerMs) {
      finishing = true;
      for (const socket of requestsOn.keys()) closeWhenIdle(socket);
      const deadline = setTimeout(() => {
        for (const socket of requestsOn.keys()) socket.destroy();
      }, lingerMs);
      return () => clearTimeout(deadline);
    },
  };
}
