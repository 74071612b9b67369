import type { WebSocket } from 'ws';

/**
 * Asks a client each `pingMs` whether it is there, as long as its connection is open. One that has not answered twice is gone: its connection is ended,
 * which half-open ones never do by themselves.
 */
export function startHeartbeat(socket: WebSocket, pingMs: number): void {
  let unanswered = 0;
  const timer = setInterval(() => {
    if (unanswered === 2) return socket.terminate();
    unanswered += 1;
    socket.ping();
  }, pingMs);
  socket.on('pong', () => {
    unanswered = 0;
  });
  socket.once('close', () => clearInterval(timer));
}
