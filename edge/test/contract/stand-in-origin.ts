import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/**
 * How the next answers are given: `gate` holds them back until it is opened, `die` closes the connection, `break-off` does so after
 * 1,000 bytes, `drip` never ends, `whole` is the file whatever was asked for, `elsewhere` other bytes than these, `changed` those of
 * another file.
 */
export type OriginMode =
  | 'answer'
  | 'gate'
  | 'hang'
  | 'die'
  | 'break-off'
  | 'drip'
  | 'fail'
  | 'whole'
  | 'elsewhere'
  | 'changed';

export interface StandInOrigin {
  readonly url: string;
  /** Ranges asked for since the last `reset`, as `path first-last`. */
  readonly asked: readonly string[];
  mode: OriginMode;
  openGate(): void;
  reset(): void;
  stop(): Promise<void>;
}

export const originSecret = 'a secret of the contract suite';
export const fileSize = 1_300_000;
export const etag = '"stand-in-1"';
export const lastModified = 'Thu, 01 Jan 2026 00:00:00 GMT';

/** Every byte of every file follows from its position, so that a wrong one anywhere is seen. */
export const fileBytes = Buffer.alloc(fileSize, Buffer.from(Array.from({ length: 251 }, (_, n) => n)));

/** An origin that knows any path but those of tracks ending in `z`, counts what it is asked, and misbehaves at will. */
export async function startStandInOrigin(bytes = fileBytes): Promise<StandInOrigin> {
  const asked: string[] = [];
  let waiting: (() => void)[] = [];
  const origin = { mode: 'answer' as OriginMode };

  const server = createServer((request, response) => {
    asked.push(`${request.url} ${request.headers.range?.replace('bytes=', '')}`);
    if (origin.mode === 'hang') return;
    if (origin.mode === 'gate') waiting.push(() => answer(bytes, request, response, origin.mode));
    else answer(bytes, request, response, origin.mode);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return Object.assign(origin, {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    asked,
    openGate() {
      origin.mode = 'answer';
      for (const open of waiting.splice(0)) open();
    },
    reset() {
      asked.length = 0;
      waiting = [];
      origin.mode = 'answer';
    },
    async stop() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  });
}

function answer(file: Buffer, request: IncomingMessage, response: ServerResponse, mode: OriginMode): void {
  if (request.headers['x-origin-secret'] !== originSecret) {
    response.writeHead(403).end();
    return;
  }
  if (mode === 'die') {
    request.socket.destroy();
    return;
  }
  if (mode === 'fail') {
    response.writeHead(500).end('at /srv/origin.ts:12');
    return;
  }
  if (/z\/\w+\.\w+$/.test(request.url ?? '')) {
    response.writeHead(404).end();
    return;
  }
  const described = {
    'Content-Type': request.url?.endsWith('.jpg') ? 'image/jpeg' : 'audio/ogg; codecs=vorbis',
    ETag: mode === 'changed' ? '"stand-in-2"' : etag,
    'Last-Modified': lastModified,
  };
  if (mode === 'whole') {
    response.writeHead(200, { ...described, 'Content-Length': file.length }).end(file);
    return;
  }
  const [, first, last] = /^bytes=(\d+)-(\d+)$/.exec(request.headers.range ?? '') ?? [];
  const start = mode === 'elsewhere' ? Number(first) + 1 : Number(first);
  const end = Math.min(Number(last), file.length - 1);
  if (start >= file.length) {
    response.writeHead(416, { 'Content-Range': `bytes */${file.length}` }).end();
    return;
  }
  response.writeHead(206, {
    ...described,
    'Content-Length': end - start + 1,
    'Content-Range': `bytes ${start}-${end}/${file.length}`,
  });
  const bytes = file.subarray(start, end + 1);
  if (mode === 'break-off') response.write(bytes.subarray(0, 1000), () => response.destroy());
  else if (mode === 'drip') drip(response);
  else response.end(bytes);
}

function drip(response: ServerResponse): void {
  const timer = setInterval(() => response.write('x'), 50);
  response.once('close', () => clearInterval(timer));
}
