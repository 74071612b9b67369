const exposed = 'Content-Range, Accept-Ranges, Content-Length, ETag, X-Cache';

/** Headers by which pages of the listed origins may read answers and their timing; others only get to play them. */
export function createCrossOriginHeaders(
  allowedOrigins: readonly string[],
): (origin: string | undefined) => Readonly<Record<string, string>> {
  const allowed = new Set(allowedOrigins);
  return (origin) => {
    const headers: Record<string, string> = { Vary: 'Origin' };
    if (!origin || !allowed.has(origin)) return headers;
    return {
      ...headers,
      'Access-Control-Allow-Origin': origin,
      'Access-Control-Expose-Headers': exposed,
      'Timing-Allow-Origin': origin,
    };
  };
}

/** What a preflight is told, beside the headers above. */
export const preflightHeaders: Readonly<Record<string, string>> = {
  'Access-Control-Allow-Methods': 'GET, HEAD, OPTIONS',
  'Access-Control-Allow-Headers': 'Range, If-Range, If-None-Match, If-Match, If-Modified-Since',
  'Access-Control-Max-Age': '86400',
};
