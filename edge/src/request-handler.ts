import type { IncomingMessage, ServerResponse } from 'node:http';
import { parseAudioPath, parseImagePath, type UrlVerifier } from '@medley/signed-url';
import type { AnswerAccount } from './answer-account.ts';
import { OriginError, type Representation } from './cache/origin-client.ts';
import { SLICE_BYTES, type SliceCache } from './cache/slice-cache.ts';
import { openCachedBody } from './cached-body.ts';
import type { EdgeMetrics } from './edge-metrics.ts';
import { parseRange, resolveRange } from './http/byte-range.ts';
import { preflightHeaders } from './http/cross-origin.ts';
import { checkPreconditions, rangeApplies } from './http/preconditions.ts';

export interface RequestHandlerOptions {
  readonly verifier: UrlVerifier;
  readonly slices: SliceCache;
  readonly crossOriginHeaders: (origin: string | undefined) => Readonly<Record<string, string>>;
  readonly metrics: EdgeMetrics;
  /** Milliseconds since 1970. */
  readonly clock: () => number;
  /** Told what went wrong where the client is only told that something did. */
  readonly onOriginError: (error: OriginError, path: string) => void;
}

/** What may be sent, decided from the URL alone. */
type Admission = Admitted | { readonly refusal: 403 | 404 | 410 };

interface Admitted {
  readonly path: string;
  readonly cacheControl: string;
  readonly uid?: string;
}

const refusals: Readonly<Record<number, string>> = {
  403: 'This link was not signed for what it asks for.',
  404: 'There is nothing here.',
  405: 'Only GET, HEAD and OPTIONS.',
  410: 'This link has expired. Ask for a new one.',
  412: 'A precondition failed.',
  416: 'There are no such bytes.',
  502: 'The audio cannot be had right now.',
  504: 'The audio takes too long to be had.',
};

/**
 * Answers one request for audio or an image, from its first byte to its last. Never throws.
 * @param account where it is noted, as it comes to be known
 */
export type RequestHandler = (
  request: IncomingMessage,
  response: ServerResponse,
  account: AnswerAccount,
) => Promise<void>;

export function createRequestHandler({
  verifier,
  slices,
  crossOriginHeaders,
  metrics,
  clock,
  onOriginError,
}: RequestHandlerOptions): RequestHandler {
  function admit(url: string): Admission {
    const [path = ''] = url.split('?', 1);
    if (parseImagePath(path)) return { path, cacheControl: 'public, max-age=31536000, immutable' };
    if (!parseAudioPath(path)) return { refusal: 404 };
    const verdict = verifier.verify(url);
    if (verdict.ok) {
      // The bytes never change, but a grant ends: no cache keeps them longer, and no shared one keeps them at all.
      const seconds = Math.floor((verdict.expiresAt.getTime() - clock()) / 1000);
      return { path, cacheControl: `private, max-age=${seconds}, immutable`, uid: verdict.uid };
    }
    return { refusal: verdict.reason === 'EXPIRED' ? 410 : 403 };
  }

  async function answer(
    request: IncomingMessage,
    response: ServerResponse,
    { path, cacheControl }: Admitted,
    account: AnswerAccount,
  ) {
    const { headers, method } = request;
    // RFC 9110 defines ranges for GET alone.
    const asked = parseRange(method === 'GET' ? headers.range : undefined);
    // Any slice tells what the file is; the one that is wanted first is the one to have.
    const firstIndex = asked.kind === 'from' ? Math.floor(asked.first / SLICE_BYTES) : 0;
    const known = slices.describe(path);
    const representation = known ?? (await describe(path, firstIndex));
    if (response.destroyed) return;
    const common = {
      'Accept-Ranges': 'bytes',
      'Cache-Control': cacheControl,
      ETag: representation.etag,
      'Last-Modified': representation.lastModified,
    };
    const outcome = checkPreconditions(headers, representation);
    if (outcome === 304) {
      response.writeHead(304, common).end();
      return;
    }
    if (outcome === 412) {
      refuse(response, 412);
      return;
    }
    const honoured = rangeApplies(headers['if-range']?.toString(), representation)
      ? asked
      : ({ kind: 'whole' } as const);
    const range = resolveRange(honoured, representation.sizeBytes);
    if (!range) {
      refuse(response, 416, { 'Content-Range': `bytes */${representation.sizeBytes}` });
      return;
    }
    const partial = honoured.kind !== 'whole';
    const body =
      method === 'GET'
        ? await openCachedBody({ slices, metrics }, { path, representation, range, cold: !known, account })
        : undefined;
    if (response.destroyed) return;
    response.writeHead(partial ? 206 : 200, {
      ...common,
      'Content-Type': representation.contentType,
      'Content-Length': range.last - range.first + 1,
      ...(partial && { 'Content-Range': `bytes ${range.first}-${range.last}/${representation.sizeBytes}` }),
      ...(body && cacheStatus(body.cached ? 'HIT' : 'MISS')),
    });
    if (body) await body.sendTo(response);
    else response.end();
  }

  async function describe(path: string, index: number): Promise<Representation> {
    try {
      return (await slices.get(path, index)).representation;
    } catch (error) {
      const beyond = error instanceof OriginError && error.status === 416 && index > 0;
      // Its size is known now, its validators are not: those come with the first slice.
      if (beyond) return (await slices.get(path, 0)).representation;
      throw error;
    }
  }

  return async (request, response, account) => {
    for (const [name, value] of Object.entries(crossOriginHeaders(request.headers.origin))) {
      response.setHeader(name, value);
    }
    response.setHeader('X-Content-Type-Options', 'nosniff');
    if (request.method === 'OPTIONS') {
      response.writeHead(204, { Allow: 'GET, HEAD, OPTIONS', ...preflightHeaders }).end();
      return;
    }
    if (request.method !== 'GET' && request.method !== 'HEAD') {
      refuse(response, 405, { Allow: 'GET, HEAD, OPTIONS' });
      return;
    }
    const admission = admit(request.url ?? '');
    if ('refusal' in admission) {
      refuse(response, admission.refusal);
      return;
    }
    account.uid = admission.uid;
    try {
      await answer(request, response, admission, account);
    } catch (error) {
      const known = error instanceof OriginError ? error : new OriginError(502, String(error));
      onOriginError(known, admission.path);
      // Half an answer cannot be taken back; a broken connection says that it is not the whole.
      if (response.headersSent) response.destroy();
      else refuse(response, known.status);
    }
  };
}

// The second is for pages: of what an <audio> element asked for, they read timings and no other header.
const cacheStatus = (status: 'HIT' | 'MISS') => ({
  'X-Cache': status,
  'Server-Timing': `cdn-cache;desc=${status}`,
});

function refuse(response: ServerResponse, status: number, headers: Record<string, string> = {}): void {
  const body = `${refusals[status]}\n`;
  response.writeHead(status, {
    'Content-Type': 'text/plain; charset=utf-8',
    'Content-Length': Buffer.byteLength(body),
    'Cache-Control': 'no-store',
    ...headers,
  });
  // To a HEAD Node sends the headers and leaves the body out.
  response.end(body);
}
