import { z } from 'zod';
import { readRequestedPath } from '../http/requested-path.ts';
import type { Answered, OriginFetch } from '../traffic/traffic-count.ts';
import type { SampledRequest } from '../traffic/traffic-events.ts';

/** What one line of nginx's access log says (edge/nginx/access-log.md). */
export type AccessLine = RequestLine | FetchLine;

interface Ended {
  /** When it ended, in milliseconds since 1970. */
  readonly at: number;
  /** Of the request, also in the lines of what was fetched for it. */
  readonly requestId: string;
}

export interface RequestLine extends Ended {
  readonly line: 'request';
  readonly answer: Answered & Omit<SampledRequest, 'originBytes'>;
}

/** A slice that was asked of the origin. The line of the request that lacked it comes later. */
export interface FetchLine extends Ended {
  readonly line: 'fetch';
  readonly fetch: OriginFetch;
}

// So many that the sums of a million lines stay exact.
const byteCount = z.int().min(0).max(8_589_934_592);

const common = {
  request: z.string().regex(/^[\da-f]{32}$/),
  endedAt: z.number().positive().max(8_000_000_000),
  // A week: no answer takes longer.
  durationSeconds: z.number().nonnegative().max(604_800),
  path: z.string(),
  range: z.string(),
  status: z.string().regex(/^\d{3}$/),
};

const lineSchema = z.discriminatedUnion('line', [
  z.object({ line: z.literal('request'), ...common, method: z.string(), bytesSent: byteCount }),
  z.object({ line: z.literal('fetch'), ...common, originBytes: byteCount }),
]);

/** Reads a line without its end; undefined when it is not one of an access log. It never throws. */
export function parseAccessLine(text: string): AccessLine | undefined {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    return undefined;
  }
  const parsed = lineSchema.safeParse(json);
  if (!parsed.success) return undefined;
  const told = parsed.data;
  const ended = { at: Math.round(told.endedAt * 1_000), requestId: told.request };
  // Nginx writes no token, and what is not known to be a path is not taken for one here either.
  const { kind, path } = readRequestedPath(told.path);
  if (told.line === 'fetch') {
    const fetch = { path, bytes: told.originBytes, failed: told.status !== '206' };
    return { line: 'fetch', ...ended, fetch };
  }
  const answer = {
    at: ended.at,
    kind,
    path,
    method: told.method,
    range: told.range || null,
    status: readStatus(told.status),
    bytesSent: told.bytesSent,
    durationMs: Math.round(told.durationSeconds * 1_000),
  };
  return { line: 'request', ...ended, answer };
}

/** Nginx has 000 for a request that ended before it had a status: the client left. */
function readStatus(text: string): number {
  const status = Number(text);
  return status >= 100 && status <= 599 ? status : 499;
}
