import { rm } from 'node:fs/promises';
import type { Server } from 'node:http';
import { createServer } from 'node:net';

/**
 * A second way into an HTTP server, for clients that read slowly. Loopback takes some 4 MB for a client that reads nothing before its server
 * notices; a Unix socket takes 0.1 to 0.3 MB, which is nearer to what a network takes.
 * @returns a function that closes it
 */
export async function openSlowDoor(server: Server, path: string): Promise<() => Promise<void>> {
  const door = createServer((socket) => server.emit('connection', socket));
  await new Promise<void>((resolve) => door.listen(path, resolve));
  return async () => {
    door.close();
    await rm(path, { force: true });
  };
}
