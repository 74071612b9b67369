import { WebSocket } from 'ws';
import { nowUs, readMarker } from './marker.ts';
import { ownOperation, playlistId, playlistOperation } from './operations.ts';

export type Kind = 'playlist' | 'own';

/**
 * How it reads: at once; a quarter of a second out of ten; or nothing after its first event.
 */
export type Pace = 'fast' | 'sluggish' | 'stuck';

export interface ListenerOptions {
  /** Such as `ws://127.0.0.1:4000/graphql`. */
  readonly url: string;
  /** Of a Unix socket, to go in by that instead. */
  readonly socketPath?: string;
  readonly kind: Kind;
  readonly pace: Pace;
  /** Who it is, from 0: which thing of his own, too. */
  readonly viewer: number;
  readonly onEvent: (listener: Listener, lateUs: number) => void;
}

/** A client of graphql-transport-ws that does little more than read, so that thousands fit into one process. */
export class Listener {
  readonly kind: Kind;
  readonly pace: Pace;
  readonly viewer: number;
  /** The number of the last event that came. */
  sequence = -1;
  /** Whether an event ever came that was older than the one before, or the same again. */
  wentBack = false;
  /** How it ended: a close code, or the code of an error; undefined while it goes on. */
  ended: string | undefined;
  /** The first event, as it came. */
  sample: string | undefined;
  readonly #socket: WebSocket;
  readonly #onEvent: ListenerOptions['onEvent'];
  #onBegun: (() => void) | undefined;

  constructor({ url, socketPath, kind, pace, viewer, onEvent }: ListenerOptions) {
    this.kind = kind;
    this.pace = pace;
    this.viewer = viewer;
    this.#onEvent = onEvent;
    const address = socketPath ? `ws+unix://${socketPath}:${new URL(url).pathname}` : url;
    this.#socket = new WebSocket(address, 'graphql-transport-ws', {
      perMessageDeflate: false,
      skipUTF8Validation: true,
    });
    const payload = { authorization: `Bearer ${viewer}` };
    this.#socket
      .on('open', () => this.#socket.send(JSON.stringify({ type: 'connection_init', payload })))
      .on('message', (bytes: Buffer) => this.#read(bytes))
      .on('error', (error) => this.#end(error.message))
      .on('close', (code, reason) => this.#end(`${code} ${reason}`.trim()));
  }

  /** Resolves when its first event is there, or it has ended. */
  begun(): Promise<void> {
    if (this.sequence >= 0 || this.ended !== undefined) return Promise.resolve();
    return new Promise((resolve) => {
      this.#onBegun = resolve;
    });
  }

  pause(): void {
    this.#socket.pause();
  }

  resume(): void {
    if (this.#socket.readyState !== WebSocket.CONNECTING) this.#socket.resume();
  }

  leave(): void {
    this.#socket.resume();
    this.#socket.close(1000);
  }

  #read(bytes: Buffer): void {
    const marker = readMarker(bytes);
    if (!marker) this.#obey(bytes);
    else if (this.sequence < 0) {
      this.sequence = marker.sequence;
      this.sample = bytes.toString();
      this.#begin();
    } else {
      if (marker.sequence <= this.sequence) this.wentBack = true;
      this.sequence = marker.sequence;
      this.#onEvent(this, nowUs() - marker.toldAtUs);
    }
  }

  #obey(bytes: Buffer): void {
    const message = JSON.parse(bytes.toString()) as { type: string; payload?: unknown };
    if (message.type === 'connection_ack') this.#subscribe();
    else if (message.type === 'ping') this.#socket.send('{"type":"pong"}');
    else if (message.type !== 'pong') this.#end(`${message.type} ${JSON.stringify(message.payload ?? null)}`);
  }

  #subscribe(): void {
    const payload =
      this.kind === 'playlist'
        ? { query: playlistOperation, variables: { id: playlistId } }
        : { query: ownOperation };
    this.#socket.send(JSON.stringify({ id: '1', type: 'subscribe', payload }));
  }

  #end(how: string): void {
    this.ended ??= how;
    this.#begin();
  }

  #begin(): void {
    this.#onBegun?.();
    this.#onBegun = undefined;
  }
}
