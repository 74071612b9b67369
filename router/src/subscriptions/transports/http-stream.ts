import type { ServerResponse } from 'node:http';
import type { FastifyReply } from 'fastify';

/** An HTTP answer that goes on. */
export interface HttpStream {
  /** Sends, and waits until the client has room for more. False: it left, or has taken nothing for too long and was cut off. */
  write(text: string): Promise<boolean>;
  /** Ends it in order, behind what was written. */
  end(text?: string): void;
  /** Breaks it off behind what was written, so that the client sees that it is not over. */
  cut(): void;
  /** Breaks it off at once. */
  destroy(): void;
  readonly isOpen: boolean;
}

export interface HttpStreamOptions {
  readonly headers: Readonly<Record<string, string>>;
  /** What is sent at once, so that everybody on the way sees that it has begun. */
  readonly greeting: string;
  /** What is sent where nothing else is, so that nobody on the way takes it for dead. */
  readonly heartbeat: string;
  readonly heartbeatMs: number;
  /** How long the client may take nothing of what waits for it. */
  readonly stallMs: number;
  /** The client left, or was cut off, or it is over. */
  readonly onClose: () => void;
}

export function openHttpStream(reply: FastifyReply, options: HttpStreamOptions): HttpStream {
  const { headers, greeting, heartbeat, heartbeatMs, stallMs, onClose } = options;
  reply.hijack();
  const response = reply.raw;
  // What CORS wants is among those that were set before.
  response.writeHead(200, { ...definedHeaders(reply), ...noBuffering, ...headers });
  response.write(greeting);

  let drained: Promise<void> | undefined;
  const beat = setInterval(() => {
    if (!response.writableNeedDrain) response.write(heartbeat);
  }, heartbeatMs);
  beat.unref();
  const isOpen = () => !response.writableEnded && !response.destroyed;
  const close = () => {
    clearInterval(beat);
    onClose();
  };
  // It may have left while its operation was read.
  if (response.destroyed) setImmediate(close);
  else response.once('close', close);

  return {
    get isOpen() {
      return isOpen();
    },
    async write(text) {
      if (!isOpen()) return false;
      beat.refresh();
      if (response.write(text)) return true;
      drained ??= waitForDrain(response, stallMs).finally(() => {
        drained = undefined;
      });
      await drained;
      return isOpen();
    },
    end(text = '') {
      clearInterval(beat);
      if (isOpen()) response.end(text);
    },
    cut() {
      clearInterval(beat);
      // What was written before still gets out.
      response.socket?.destroySoon();
    },
    destroy: () => void response.destroy(),
  };
}

/** Until the client took all, or left. One that takes nothing for so long is cut off. */
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
