import type { ServerResponse } from 'node:http';
import type { FastifyReply } from 'fastify';

/** An HTTP answer that goes on. */
export interface HttpStream {
  /** Sends, and waits until the client has room for more. False: it left, or has taken nothing for too long and was broken off. */
  write(text: string): Promise<boolean>;
  /** Ends it in order, behind what was written. */
  end(text?: string): void;
  /** Breaks it off behind what was written, so that the client sees that it is not over. */
  destroySoon(): void;
  /** Breaks it off at once. */
  destroy(): void;
  readonly isOpen: boolean;
  /** How much waits in this process for the client to take it. */
  readonly unreadBytes: number;
}

export interface HttpStreamOptions {
  readonly headers: Readonly<Record<string, string>>;
  /** What is sent at once, so that everybody on the way sees that it has begun. */
  readonly preamble: string;
  /** What is sent where nothing else is, so that nobody on the way takes it for dead. */
  readonly heartbeat: string;
  readonly heartbeatMs: number;
  /** How long the client may take nothing of what waits for it. */
  readonly stallMs: number;
  /** The client left, or was broken off, or it is over. */
  readonly onClose: () => void;
}

export function openHttpStream(reply: FastifyReply, options: HttpStreamOptions): HttpStream {
  const { headers, preamble, heartbeat, heartbeatMs, stallMs, onClose } = options;
  reply.hijack();
  const response = reply.raw;
  // What CORS wants is among those that were set before.
  response.writeHead(200, { ...definedHeaders(reply), ...noBuffering, ...headers });
  response.write(preamble);

  let drained: Promise<void> | undefined;
  const heartbeatTimer = setInterval(() => {
    if (!response.writableNeedDrain) response.write(heartbeat);
  }, heartbeatMs);
  heartbeatTimer.unref();
  const isOpen = () => !response.writableEnded && !response.destroyed;
  const close = () => {
    clearInterval(heartbeatTimer);
    onClose();
  };
  // It may have left while its operation was read.
  if (response.destroyed) setImmediate(close);
  else response.once('close', close);

  return {
    get isOpen() {
      return isOpen();
    },
    get unreadBytes() {
      return response.writableLength;
    },
    async write(text) {
      if (!isOpen()) return false;
      heartbeatTimer.refresh();
      if (response.write(text)) return true;
      drained ??= waitForDrain(response, stallMs).finally(() => {
        drained = undefined;
      });
      await drained;
      return isOpen();
    },
    end(text = '') {
      clearInterval(heartbeatTimer);
      if (isOpen()) response.end(text);
    },
    destroySoon() {
      clearInterval(heartbeatTimer);
      // What was written before still gets out.
      response.socket?.destroySoon();
    },
    destroy: () => void response.destroy(),
  };
}

/** Until the client took all, or left. One that takes nothing for so long is broken off. */
function waitForDrain(response: ServerResponse, stallMs: number): Promise<void> {
  return new Promise((resolve) => {
    const stalled = setTimeout(() => response.destroy(), stallMs);
    const over = () => {
      clearTimeout(stalled);
      response.off('drain', over).off('close', over);
      resolve();
    };
    response.on('drain', over).on('close', over);
  });
}

// Proxies hold back what they could compress, keep or collect.
const noBuffering = {
  'cache-control': 'no-cache, no-store, no-transform',
  'x-accel-buffering': 'no',
  'x-content-type-options': 'nosniff',
};

function definedHeaders(reply: FastifyReply): Record<string, string | number | readonly string[]> {
  const headers: Record<string, string | number | readonly string[]> = {};
  for (const [name, value] of Object.entries(reply.getHeaders())) {
    if (value !== undefined) headers[name] = value;
  }
  return headers;
}
