import { once } from 'node:events';
import type { ServerResponse } from 'node:http';
import type { AnswerAccount } from './answer-account.ts';
import { OriginError, type Representation, type Slice } from './cache/origin-client.ts';
import { SLICE_BYTES, type SliceCache } from './cache/slice-cache.ts';
import type { EdgeMetrics } from './edge-metrics.ts';
import type { ByteRange } from './http/byte-range.ts';

const STALL_MS = 120_000;

/** The bytes of one answer, of which the first slice has been read. */
export interface CachedBody {
  /** Whether every slice of it was in memory when it was opened. */
  readonly cached: boolean;
  /** Writes all of it and ends the response, as fast as the client reads; returns early when the client leaves. */
  sendTo(response: ServerResponse): Promise<void>;
}

export interface CachedBodyRequest {
  readonly path: string;
  readonly representation: Representation;
  readonly range: ByteRange;
  /** Whether the file was unknown until this request: what is in memory of it now, this request has fetched. */
  readonly cold: boolean;
  readonly account: AnswerAccount;
}

/**
 * Reads the first slice before anything is sent, so that a dead origin is still a status and not a broken answer.
 * @throws OriginError
 */
export async function openCachedBody(
  { slices, metrics }: { slices: SliceCache; metrics: EdgeMetrics },
  { path, representation, range, cold, account }: CachedBodyRequest,
): Promise<CachedBody> {
  const firstIndex = Math.floor(range.first / SLICE_BYTES);
  const lastIndex = Math.floor(range.last / SLICE_BYTES);
  let cached = !cold;
  for (let index = firstIndex; index <= lastIndex && cached; index += 1) cached = slices.has(path, index);

  async function take(index: number): Promise<Buffer> {
    const fetchedBefore = slices.has(path, index) && !(cold && index === firstIndex);
    const result = fetchedBefore ? 'hit' : 'miss';
    const slice = await slices.get(path, index);
    const bytes = cut(slice, index, range);
    if (slice.representation.etag !== representation.etag) {
      throw new OriginError(502, `${path} changed while it was being sent`);
    }
    if (!fetchedBefore) account.originBytes += slice.bytes.length;
    metrics.cacheSlices.inc({ result });
    metrics.cacheBytes.inc({ result }, bytes.length);
    return bytes;
  }

  const firstBytes = await take(firstIndex);
  return {
    cached,
    async sendTo(response) {
      // One slice at a time, and the next only when this one has gone: a slow client holds on to 512 KB at most.
      for (let index = firstIndex; index < lastIndex; index += 1) {
        const bytes = index === firstIndex ? firstBytes : await take(index);
        if (response.destroyed) return;
        account.bytesSent += bytes.length;
        if (!response.write(bytes)) await drained(response);
        if (response.destroyed) return;
      }
      const lastBytes = lastIndex === firstIndex ? firstBytes : await take(lastIndex);
      account.bytesSent += lastBytes.length;
      response.end(lastBytes);
    },
  };
}

function cut({ bytes }: Slice, index: number, { first, last }: ByteRange): Buffer {
  const start = index * SLICE_BYTES;
  return bytes.subarray(Math.max(0, first - start), last - start + 1);
}

/** Until the listener has read what was written, or has left; one who reads nothing for two minutes is sent away. */
async function drained(response: ServerResponse): Promise<void> {
  const waiting = new AbortController();
  const leave = () => waiting.abort();
  response.once('close', leave);
  const stalled = setTimeout(() => response.destroy(), STALL_MS);
  await once(response, 'drain', { signal: waiting.signal }).catch(() => {});
  clearTimeout(stalled);
  response.off('close', leave);
}
