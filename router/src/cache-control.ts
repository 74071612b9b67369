/** What Apollo's cache policy is narrowed by. */
export interface CacheHint {
  /** In seconds. */
  readonly maxAge: number;
  readonly scope?: 'PRIVATE';
}

/** Reads a `cache-control` header. Without a `max-age`, or without the header, an answer is not to be kept. */
export function parseCacheControl(header: string | undefined): CacheHint {
  const directives = (header ?? '')
    .toLowerCase()
    .split(',')
    .map((directive) => directive.trim());
  const age = directives.map((directive) => /^max-age=(\d+)$/.exec(directive)?.[1]).find(Boolean);
  const kept = age !== undefined && !directives.includes('no-store') && !directives.includes('no-cache');
  return { maxAge: kept ? Number(age) : 0, ...(directives.includes('private') && { scope: 'PRIVATE' }) };
}
