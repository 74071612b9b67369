import type { IndexState } from './search-index.ts';

/**
 * Why the index should be built from scratch now, in words for operators; null when it should not.
 * @param sources the names of what it should follow
 * @param everyMs how old it may be; null for any age
 */
export function rebuildReason(
  { generation, builtAt, positions }: IndexState,
  sources: readonly string[],
  { now, everyMs }: { now: number; everyMs: number | null },
): string | null {
  if (generation === null) return 'there is no index yet';
  const missing = sources.filter((source) => positions[source] === undefined);
  if (missing.length > 0) return `the index knows nothing of ${missing.join(' and ')}`;
  if (everyMs === null) return null;
  if (builtAt === null) return 'nobody knows when the index was built';
  return now - builtAt.getTime() >= everyMs ? 'the index is old enough' : null;
}
