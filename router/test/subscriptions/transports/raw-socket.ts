import { once } from 'node:events';
import { type ClientOptions, WebSocket } from 'ws';

export interface RawSocket {
  readonly socket: WebSocket;
  send(message: unknown): void;
  /** The next message. Rejects when the connection is closed first. */
  // biome-ignore lint/suspicious/noExplicitAny: tests look into messages of all shapes
  next(): Promise<any>;
  /** How it was closed, after the messages that were not taken. */
  closed(): Promise<{ code: number; reason: string }>;
}

/** A WebSocket without a client library: it says what it is told, and nothing else. */
export async function openRaw(
  url: string,
  options: ClientOptions = {},
  protocols: string[] = ['graphql-transport-ws'],
): Promise<RawSocket> {
  const socket = new WebSocket(url, protocols, options);
  const messages: string[] = [];
  let wake = () => {};
  let end: { code: number; reason: string } | undefined;
  socket.on('message', (data) => {
    messages.push(String(data));
    wake();
  });
  socket.on('close', (code, reason) => {
    end = { code, reason: String(reason) };
    wake();
  });
  socket.on('error', () => {});
  const changed = () =>
    new Promise<void>((resolve) => {
      wake = resolve;
    });
  if (socket.readyState === socket.CONNECTING) await once(socket, 'open');
  return {
    socket,
    send: (message) => socket.send(typeof message === 'string' ? message : JSON.stringify(message)),
    async next() {
      while (messages.length === 0 && !end) await changed();
      const message = messages.shift();
      if (message === undefined) throw new Error(`closed with ${end?.code} ${end?.reason}`);
      return JSON.parse(message);
    },
    async closed() {
      while (!end) await changed();
      return end;
    },
  };
}

/** One whose connection is acknowledged. */
export async function openGreeted(url: string, token?: string, options?: ClientOptions): Promise<RawSocket> {
  const raw = await openRaw(url, options);
  raw.send({ type: 'connection_init', ...(token && { payload: { authorization: `Bearer ${token}` } }) });
  const { type } = await raw.next();
  if (type !== 'connection_ack') throw new Error(`got ${type}`);
  return raw;
}

/** The message that asks for an operation. */
export const subscribe = (id: string, query = 'subscription { ticks }') => ({
  type: 'subscribe',
  id,
  payload: { query },
});
