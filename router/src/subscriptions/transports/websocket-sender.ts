import type { Duplex } from 'node:stream';
import type { WebSocket } from 'ws';
import type { ResultFrame } from './result-frame.ts';

// More than that waiting in the process means that the client takes less than it is sent.
const highWaterMarkBytes = 65_536;
// How long a client that took nothing has to read why it is sent away.
const closeGraceMs = 1_000;
/** The close code for: try again later. By the registry of RFC 6455. */
export const tryAgainLater = 1013;

/** What goes out to a client, at the speed at which it takes it. */
export class WebSocketSender {
  readonly #socket: WebSocket;
  readonly #stream: Duplex;
  readonly #stallMs: number;
  #stalled: NodeJS.Timeout | undefined;
  #waiting = 0;

  /**
   * @param stream the connection under the socket, which sends each frame in one go
   * @param stallMs how long the client may take nothing, before the connection is closed with 1013
   */
  constructor(socket: WebSocket, stream: Duplex, stallMs: number) {
    this.#socket = socket;
    this.#stream = stream;
    this.#stallMs = stallMs;
    socket.once('close', () => clearTimeout(this.#stalled));
  }

  /** True once there is room for more; false when the connection is closing. */
  send(text: string): boolean | Promise<boolean> {
    return this.#send((onTaken) => this.#socket.send(text, onTaken));
  }

  /** As `send`, for what is framed already. */
  sendFrame([shared, own]: ResultFrame): boolean | Promise<boolean> {
    return this.#send((onTaken) => {
      const stream = this.#stream;
      stream.cork();
      stream.write(shared);
      stream.write(own, onTaken);
      stream.uncork();
    });
  }

  #send(write: (onTaken?: (error?: Error | null) => void) => void): boolean | Promise<boolean> {
    const socket = this.#socket;
    if (socket.readyState !== socket.OPEN) return false;
    // It counts what waits in the connection too.
    if (socket.bufferedAmount < highWaterMarkBytes) {
      write();
      return true;
    }
    this.#waiting += 1;
    this.#stalled ??= setTimeout(() => this.#giveUp(), this.#stallMs);
    return new Promise((resolve) => {
      write((error) => {
        this.#waiting -= 1;
        this.#stalled = this.#restart();
        resolve(!error && socket.readyState === socket.OPEN);
      });
    });
  }

  /** Something was taken: the time begins anew for what waits still. */
  #restart(): NodeJS.Timeout | undefined {
    clearTimeout(this.#stalled);
    return this.#waiting > 0 ? setTimeout(() => this.#giveUp(), this.#stallMs) : undefined;
  }

  #giveUp(): void {
    this.#socket.close(tryAgainLater, 'You do not take what you are sent');
    setTimeout(() => this.#socket.terminate(), closeGraceMs).unref();
  }
}
