import { errors, Pool } from 'undici';
import type { Validators } from '../http/preconditions.ts';

/** What the origin says of a file, the same with every slice of it. */
export interface Representation extends Validators {
  readonly sizeBytes: number;
  readonly contentType: string;
}

export interface Slice {
  readonly representation: Representation;
  /** Shorter than asked for at the end of the file. */
  readonly bytes: Buffer;
}

/** An answer other than the bytes: 404, 416 (with the file's size), or 502 and 504 when there was no good one. */
export class OriginError extends Error {
  readonly status: 404 | 416 | 502 | 504;
  readonly sizeBytes: number | undefined;

  constructor(status: OriginError['status'], message: string, sizeBytes?: number) {
    super(message);
    this.name = 'OriginError';
    this.status = status;
    this.sizeBytes = sizeBytes;
  }
}

export interface OriginClient {
  /** @throws OriginError, whose message is for the log only: it may name the origin. */
  fetch(path: string, first: number, last: number): Promise<Slice>;
  close(): Promise<void>;
}

export interface OriginClientOptions {
  readonly originUrl: string;
  readonly originSecret: string;
  /** For a whole slice, from the question to its last byte. */
  readonly timeoutMs: number;
}

export function createOriginClient({
  originUrl,
  originSecret,
  timeoutMs,
}: OriginClientOptions): OriginClient {
  const pool = new Pool(originUrl, { connections: 64 });
  return {
    async fetch(path, first, last) {
      const signal = AbortSignal.timeout(timeoutMs);
      try {
        const { statusCode, headers, body } = await pool.request({
          method: 'GET',
          path,
          headers: { range: `bytes=${first}-${last}`, 'x-origin-secret': originSecret },
          signal,
        });
        if (statusCode !== 206) {
          await body.dump();
          throw refusal(statusCode, text(headers['content-range']));
        }
        const range = parseContentRange(text(headers['content-range']));
        const etag = text(headers.etag);
        if (range?.first !== first || range.last > last || !etag) {
          await body.dump();
          throw new OriginError(
            502,
            `The origin answered ${first}-${last} with ${text(headers['content-range'])}`,
          );
        }
        const representation: Representation = {
          sizeBytes: range.size,
          etag,
          lastModified: text(headers['last-modified']),
          contentType: text(headers['content-type']),
        };
        return { representation, bytes: await readExactly(body, range.last - first + 1) };
      } catch (error) {
        throw asOriginError(error, signal);
      }
    },
    close: () => pool.close(),
  };
}

const text = (header: string | string[] | undefined): string => String(header ?? '');

function parseContentRange(header: string) {
  const [, first, last, size] = /^bytes (\d+)-(\d+)\/(\d+)$/.exec(header) ?? [];
  return size === undefined ? undefined : { first: Number(first), last: Number(last), size: Number(size) };
}

function refusal(status: number, contentRange: string): OriginError {
  if (status === 404) return new OriginError(404, 'The origin does not know the path');
  const [, size] = /^bytes \*\/(\d+)$/.exec(contentRange) ?? [];
  if (status === 416 && size) return new OriginError(416, 'The range lies beyond the end', Number(size));
  return new OriginError(502, `The origin answered with status ${status}`);
}

/** Memory for exactly the bytes announced: what comes beyond them is an error, never a larger buffer. */
async function readExactly(body: AsyncIterable<Buffer>, length: number): Promise<Buffer> {
  const bytes = Buffer.allocUnsafeSlow(length);
  let filled = 0;
  for await (const chunk of body) {
    if (filled + chunk.length > length)
      throw new OriginError(502, `The origin sent more than ${length} bytes`);
    filled += chunk.copy(bytes, filled);
  }
  if (filled < length) throw new OriginError(502, `The origin sent ${filled} of ${length} bytes`);
  return bytes;
}

function asOriginError(error: unknown, signal: AbortSignal): OriginError {
  if (error instanceof OriginError) return error;
  const timedOut =
    signal.aborted ||
    error instanceof errors.HeadersTimeoutError ||
    error instanceof errors.BodyTimeoutError ||
    error instanceof errors.ConnectTimeoutError;
  return new OriginError(timedOut ? 504 : 502, `The origin did not answer: ${(error as Error).message}`);
}
