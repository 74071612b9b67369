import type { Socket } from 'node:net';

/** What a client of PostgreSQL sends, message by message. https://www.postgresql.org/docs/18/protocol-message-formats.html */
export interface ClientMessages {
  /** The next message whole, with its type and length; null when the client has gone, takes its leave or sends no message. */
  next(): Promise<Buffer | null>;
}

/**
 * Reads what a client begins with, up to and with its StartupMessage; encryption is declined.
 * @returns what it sends from then on; null for one that wants no session, such as a CancelRequest
 */
export async function readStartup(socket: Socket): Promise<ClientMessages | null> {
  const take = createTake(socket);
  for (;;) {
    const head = await take(8);
    if (!head) return null;
    const length = head.readInt32BE(0);
    const code = head.readInt32BE(4);
    if (length < 8 || length > maxStartupBytes || !(await take(length - 8))) return null;
    if (code >> 16 === 3) return { next: () => readMessage(take) };
    if (code !== sslRequest && code !== gssEncryptionRequest) return null;
    socket.write('N');
  }
}

const sslRequest = 80_877_103;
const gssEncryptionRequest = 80_877_104;
const maxStartupBytes = 10_000;
const maxMessageBytes = 256 * 1024 * 1024;

async function readMessage(take: Take): Promise<Buffer | null> {
  const head = await take(5);
  if (!head || head[0] === terminate) return null;
  const length = head.readInt32BE(1);
  if (length < 4 || length > maxMessageBytes) return null;
  const body = await take(length - 4);
  return body && Buffer.concat([head, body]);
}

const terminate = 'X'.charCodeAt(0);

/** Takes exactly so many bytes; null where the connection ends before. */
type Take = (bytes: number) => Promise<Buffer | null>;

function createTake(socket: Socket): Take {
  const chunks: AsyncIterator<Buffer> = socket[Symbol.asyncIterator]();
  let ahead: Buffer[] = [];
  let bytesAhead = 0;
  return async (bytes) => {
    while (bytesAhead < bytes) {
      // A connection that breaks is over like one that ends.
      const chunk = await chunks.next().catch(() => ({ done: true as const, value: undefined }));
      if (chunk.done) return null;
      ahead.push(chunk.value);
      bytesAhead += chunk.value.length;
    }
    const all = ahead.length === 1 ? (ahead[0] as Buffer) : Buffer.concat(ahead);
    ahead = [all.subarray(bytes)];
    bytesAhead -= bytes;
    return all.subarray(0, bytes);
  };
}

/** A simple query. */
export function queryMessage(sql: string): Buffer {
  const text = Buffer.from(`${sql}\0`);
  const head = Buffer.from('Q\0\0\0\0');
  head.writeInt32BE(text.length + 4, 1);
  return Buffer.concat([head, text]);
}

export const syncMessage = Buffer.from('S\0\0\0\x04');

export function startupMessage(user: string, database: string): Buffer {
  const message = Buffer.from(`\0\0\0\0\0\x03\0\0user\0${user}\0database\0${database}\0\0`);
  message.writeInt32BE(message.length, 0);
  return message;
}

/** Whether an answer ends with a ReadyForQuery that tells of no transaction. */
export const endsIdle = (answer: Buffer): boolean =>
  answer.subarray(-readyAndIdle.length).equals(readyAndIdle);

const readyAndIdle = Buffer.from('Z\0\0\0\x05I');
