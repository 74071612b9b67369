import { once } from 'node:events';
import { type AddressInfo, createServer, type Socket } from 'node:net';
import { setImmediate as letOthersRun } from 'node:timers/promises';
import type { PGlite } from '@electric-sql/pglite';
import { endsIdle, queryMessage, readStartup, startupMessage, syncMessage } from './postgres-messages.ts';

/**
 * Offers a PGlite over the loopback to clients of PostgreSQL. It has one session, which they take in turns: a turn begins with a
 * client's first message and lasts until the session is idle again, outside of a transaction. So unnamed statements and
 * transactions of two clients never mix. What a client leaves behind that goes within its turn is rolled back.
 *
 * What belongs to a session and outlives a transaction is everybody's: settings, advisory locks, and prepared statements that have
 * a name, which `pg` and Prisma give to none unless told to.
 * @param maxConnections at once; each waits for one turn at most, and those beyond are closed
 * @param onError is told when the database breaks a turn off; the client's connection ends
 */
export async function servePglite(
  pglite: PGlite,
  { maxConnections = 64, onError }: { maxConnections?: number; onError: (error: Error) => void },
): Promise<{ readonly url: string; stop(): Promise<void> }> {
  // Everybody gets the same: who comes within the turn of another is greeted at once.
  const greeting = await pglite.runExclusive(() => ask(pglite, startupMessage('postgres', 'postgres')));
  const connections = new Map<Socket, Promise<void>>();
  const server = createServer({ noDelay: true }, (socket) => {
    // Told to its reader as its end.
    socket.on('error', () => {});
    const served = serveClient(pglite, greeting, socket)
      .catch(onError)
      .finally(() => {
        socket.destroySoon();
        connections.delete(socket);
      });
    connections.set(socket, served);
  });
  server.maxConnections = maxConnections;
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `postgresql://postgres@127.0.0.1:${(server.address() as AddressInfo).port}/postgres`,
    async stop() {
      const closed = once(server, 'close');
      server.close();
      const served = [...connections.values()];
      for (const socket of connections.keys()) socket.destroy();
      await Promise.all([closed, ...served]);
    },
  };
}

async function serveClient(pglite: PGlite, greeting: Buffer, socket: Socket): Promise<void> {
  const messages = await readStartup(socket);
  if (!messages) return;
  socket.write(greeting);
  for (let first = await messages.next(); first; first = await messages.next()) {
    let message: Buffer | null = first;
    // The turns go in the order in which they were asked for.
    await pglite.runExclusive(async () => {
      // The database works on this thread: without a pause a row of turns would leave who connects ungreeted.
      await letOthersRun();
      for (; message; message = await messages.next()) {
        const answer = await ask(pglite, message);
        socket.write(answer);
        if (endsIdle(answer)) return;
      }
      for (const undo of undoing) await ask(pglite, undo);
    });
  }
}

// After an error everything up to a Sync is passed over, so the first may be; a Sync alone would commit what it ends.
const undoing = [queryMessage('ROLLBACK'), syncMessage, queryMessage('ROLLBACK')];

async function ask(pglite: PGlite, message: Buffer): Promise<Buffer> {
  const parts: Buffer[] = [];
  // A part is a view of memory that the database uses again.
  await pglite.execProtocolRawStream(message, { onRawData: (part) => parts.push(Buffer.from(part)) });
  return Buffer.concat(parts);
}
