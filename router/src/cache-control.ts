/**
 * How long the answer of a subgraph may be kept, in seconds, by its `cache-control` header. Without a `max-age`, or
 * without the header, not at all: 0.
 */
export function readMaxAge(header: string | undefined): number {
  const directives = (header ?? '')
    .toLowerCase()
    .split(',')
    .map((directive) => directive.trim());
  if (directives.includes('no-store') || directives.includes('no-cache')) return 0;
  const age = directives.map((directive) => /^max-age=(\d+)$/.exec(directive)?.[1]).find(Boolean);
  return Number(age ?? 0);
}
