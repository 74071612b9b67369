import {
  type AudioQuality,
  audioFormats,
  createUrlSigner,
  type SigningKeys,
  type UrlSigner,
} from '@medley/signed-url';
import { Pool } from 'undici';
import { SLICE_BYTES } from '../cache/slice-cache.ts';

/** One encoding of one track. */
export interface WarmedFile {
  readonly trackId: string;
  readonly quality: AudioQuality;
}

/** What became of asking for a slice. */
export type SliceOutcome =
  /** It was in the cache, or is now. `originBytes` is what that cost the origin: nothing when it was there. */
  | { readonly kind: 'there'; readonly originBytes: number; readonly fileBytes: number }
  /** The origin has no such file. */
  | { readonly kind: 'missing' }
  | { readonly kind: 'failed'; readonly reason: string };

/** The edge does not take our URLs: the keys differ, or the clocks do. Nothing can be warmed. */
class EdgeRefusesError extends Error {
  constructor(edgeUrl: string, status: number) {
    super(
      `${edgeUrl} refused a URL that was just signed, with status ${status}: are its keys and its clock right?`,
    );
    this.name = 'EdgeRefusesError';
  }
}

/** A node of the edge whose cache is to be filled. */
export interface EdgeUnderWarming {
  /**
   * Has a slice of a file in its cache. It asks for a single byte, as an edge fetches whole slices: what is warm costs nothing but a
   * question, and what is not goes from the origin to the edge, and no further.
   * @param index of the slice, from 0
   * @throws EdgeRefusesError; the reason of the signal when that was aborted
   */
  warm(file: WarmedFile, index: number, signal: AbortSignal): Promise<SliceOutcome>;
  close(): Promise<void>;
}

const lifetimeMs = 600_000;

/**
 * @param options.url of the node itself, such as `http://edge-3:4100`
 * @param options.timeoutMs for one slice, which the origin may have to make first
 */
export function openEdge({
  url,
  keys,
  timeoutMs,
  connections,
}: {
  readonly url: string;
  readonly keys: SigningKeys;
  readonly timeoutMs: number;
  readonly connections: number;
}): EdgeUnderWarming {
  const signer = createUrlSigner({ keys, baseUrl: url });
  const timeouts = { connectTimeout: timeoutMs, headersTimeout: timeoutMs, bodyTimeout: timeoutMs };
  const pool = new Pool(new URL(url).origin, { connections, ...timeouts });
  return {
    async warm(file, index, signal) {
      const first = index * SLICE_BYTES;
      try {
        const { statusCode, headers, body } = await pool.request({
          method: 'GET',
          path: pathOf(signer, file),
          headers: { range: `bytes=${first}-${first}` },
          signal,
        });
        await body.dump();
        if (statusCode === 403 || statusCode === 410) throw new EdgeRefusesError(url, statusCode);
        if (statusCode === 404) return { kind: 'missing' };
        const [, size] = /^bytes \d+-\d+\/(\d+)$/.exec(String(headers['content-range'])) ?? [];
        if (statusCode !== 206 || size === undefined)
          return { kind: 'failed', reason: `${url} answered with status ${statusCode}` };
        const fileBytes = Number(size);
        const wasThere = headers['x-cache'] === 'HIT';
        const originBytes = wasThere ? 0 : Math.min(SLICE_BYTES, fileBytes - first);
        return { kind: 'there', originBytes, fileBytes };
      } catch (error) {
        signal.throwIfAborted();
        if (error instanceof EdgeRefusesError) throw error;
        return { kind: 'failed', reason: `${url} did not answer: ${(error as Error).message}` };
      }
    },
    close: () => pool.destroy(),
  };
}

function pathOf(signer: UrlSigner, { trackId, quality }: WarmedFile): string {
  const signed = signer.sign({
    trackId,
    quality,
    extension: audioFormats[quality].extension,
    // No user: the pseudonym of it stands in access logs.
    userId: 'warming',
    expiresAt: new Date(Date.now() + lifetimeMs),
  });
  const { pathname, search } = new URL(signed);
  return pathname + search;
}
