import { connect } from 'node:net';

/** One request for a range of a file, as it goes over the wire. */
export interface SliceRequest {
  /** With its token. */
  readonly path: string;
  readonly first: number;
  /** Included. */
  readonly last: number;
}

export interface Loaded {
  readonly slices: number;
  readonly bytes: number;
  readonly seconds: number;
}

/**
 * Fetches slices on some connections, one after the other on each. By bare sockets: any HTTP client would be what is measured.
 * @param next the next slice to fetch; null when there are no more
 * @throws Error when an answer is anything but 206 with the bytes that were asked for
 */
export async function loadSlices(
  url: string,
  connections: number,
  next: () => SliceRequest | null,
): Promise<Loaded> {
  const { hostname, port } = new URL(url);
  const counts = { slices: 0, bytes: 0 };
  const startedAt = performance.now();
  await Promise.all(
    Array.from({ length: connections }, () =>
      loadOn({ host: hostname, port: Number(port) }, next, (bytes) => {
        counts.slices += 1;
        counts.bytes += bytes;
      }),
    ),
  );
  return { ...counts, seconds: (performance.now() - startedAt) / 1_000 };
}

function loadOn(
  address: { host: string; port: number },
  next: () => SliceRequest | null,
  onSlice: (bytes: number) => void,
): Promise<void> {
  return new Promise((resolve, reject) => {
    let expected = 0;
    let left = 0;
    let head = '';
    // One buffer for all that comes: nothing is kept, so nothing is collected.
    const buffer = Buffer.allocUnsafe(262_144);
    const socket = connect({ ...address, onread: { buffer, callback: read } });
    socket.setNoDelay(true);
    socket.once('error', reject);
    socket.once('connect', ask);
    socket.once('close', () => reject(new Error('the connection was closed in the midst of a slice')));

    function ask() {
      const request = next();
      if (request === null) {
        socket.removeAllListeners('close');
        socket.destroy();
        resolve();
        return;
      }
      const { path, first, last } = request;
      expected = last - first + 1;
      head = '';
      socket.write(`GET ${path} HTTP/1.1\r\nHost: edge\r\nRange: bytes=${first}-${last}\r\n\r\n`);
    }

    function read(size: number): boolean {
      let from = 0;
      if (left === 0) {
        const seen = head.length;
        head += buffer.toString('latin1', 0, Math.min(size, 8_192));
        const end = head.indexOf('\r\n\r\n');
        if (end < 0) return true;
        const length = Number(/\r\ncontent-length: (\d+)/i.exec(head.slice(0, end))?.[1]);
        if (!head.startsWith('HTTP/1.1 206') || length !== expected) {
          reject(new Error(`expected 206 with ${expected} bytes, got ${head.slice(0, 200)}`));
          socket.destroy();
          return false;
        }
        left = length;
        from = end + 4 - seen;
      }
      left -= size - from;
      if (left > 0) return true;
      onSlice(expected);
      ask();
      return true;
    }
  });
}
