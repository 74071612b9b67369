import { z } from 'zod';
import { readRequestedPath } from '../http/requested-path.ts';
import type { Answered, OriginFetch } from '../traffic/traffic-count.ts';
import type { SampledRequest } from '../traffic/traffic-events.ts';

/** What one line of nginx's access log says (edge/nginx/access-log.md). */
export type AccessLine = AccessFacts &
  (
    | { readonly line: 'request'; readonly answer: Answered & SampledRequest }
    /** A further slice of an answer, of which the line of its request comes later. */
    | { readonly line: 'slice' }
  );

interface AccessFacts {
  /** When it ended, in milliseconds since 1970. */
  readonly at: number;
  /** Of the request, also in the lines of its slices. */
  readonly requestId: string;
  /** What was asked of the origin for it; of a slice that came from the cache nothing. */
  readonly fetches: readonly OriginFetch[];
  readonly originBytes: number;
}

// So many that the sums of a million lines stay exact.
const maxBytes = 2 ** 33;
const byteCount = z.int().nonnegative().max(maxBytes);

/** One value for each attempt at the origin, with commas, and colons where another location took over; a dash where there was none. */
const attempts = z
  .string()
  .max(1_000)
  .regex(/^[-\d., :]*$/)
  .transform((text) => text.split(/, | : /).filter((value) => value !== ''));

const lineSchema = z.object({
  line: z.enum(['request', 'slice']),
  request: z.string().regex(/^[\da-f]{32}$/),
  endedAt: z.number().positive().max(8_000_000_000),
  durationSeconds: z.number().nonnegative(),
  method: z.string(),
  path: z.string(),
  range: z.string(),
  status: z.string().regex(/^\d{3}$/),
  bytesSent: byteCount,
  originStatus: attempts,
  originBytes: attempts,
});

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
  const { line, request: requestId, method, range, bytesSent, ...told } = parsed.data;
  // Nginx writes no token, and what is not known to be a path is not taken for one here either.
  const { kind, path } = readRequestedPath(told.path);
  const sizes = told.originBytes.map(readSize);
  if (sizes.some((bytes) => bytes > maxBytes)) return undefined;
  const fetches = told.originStatus.map((status, attempt) => ({
    path,
    bytes: sizes[attempt] ?? 0,
    failed: status !== '206' && status !== '200',
  }));
  const originBytes = fetches.reduce((sum, { bytes }) => sum + bytes, 0);
  const at = Math.round(told.endedAt * 1_000);
  const facts = { at, requestId, fetches, originBytes };
  if (line === 'slice') return { line, ...facts };
  const answer = {
    at,
    kind,
    path,
    method,
    range: range || null,
    status: readStatus(told.status),
    bytesSent,
    originBytes,
    durationMs: Math.round(told.durationSeconds * 1_000),
  };
  return { line, ...facts, answer };
}

const readSize = (text: string) => (text === '-' ? 0 : Number(text));

/** Nginx has 000 for a request that ended before it had a status: the client left. */
function readStatus(text: string): number {
  const status = Number(text);
  return status >= 100 && status <= 599 ? status : 499;
}
