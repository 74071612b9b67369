import { randomBytes } from 'node:crypto';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

/** Stands for the origin: has every file that is asked for, and counts what was fetched. */
export interface StandInOrigin {
  readonly url: string;
  readonly secret: string;
  fetchedBytes(): number;
  close(): Promise<void>;
}

// Any slice is cut out of these.
const noise = randomBytes(1_048_576);

/** @param sizeOf the size of the file at a path, in bytes */
export async function startStandInOrigin(sizeOf: (path: string) => number): Promise<StandInOrigin> {
  let fetchedBytes = 0;
  const server = createServer((request, response) => {
    const path = request.url ?? '/';
    const sizeBytes = sizeOf(path);
    const [, from = '0', to = ''] = /^bytes=(\d+)-(\d*)$/.exec(request.headers.range ?? '') ?? [];
    const first = Number(from);
    const last = Math.min(sizeBytes - 1, to === '' ? sizeBytes - 1 : Number(to));
    if (first >= sizeBytes) {
      response.writeHead(416, { 'content-range': `bytes */${sizeBytes}` }).end();
      return;
    }
    fetchedBytes += last - first + 1;
    response.writeHead(206, {
      'content-type': 'audio/ogg',
      'content-length': last - first + 1,
      'content-range': `bytes ${first}-${last}/${sizeBytes}`,
      'accept-ranges': 'bytes',
      etag: '"1"',
      'last-modified': 'Mon, 02 Nov 2026 09:00:00 GMT',
    });
    response.end(noise.subarray(0, last - first + 1));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    secret: 'what-the-edge-shows-the-origin',
    fetchedBytes: () => fetchedBytes,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
