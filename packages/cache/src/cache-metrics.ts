import { createMetrics, type Metrics } from '@medley/service';

/** What an operator sees of the caches of one process. */
export type CacheMetrics = ReturnType<typeof createCacheMetrics>;

/** Once in a process. @param metrics without it nobody sees them */
export function createCacheMetrics(metrics: Metrics = createMetrics()) {
  return {
    reads: metrics.counter(
      'medley_cache_reads_total',
      'Keys asked for: hit, negative (known not to exist), miss, shared (joined a read under way), unreadable (a miss)',
      ['name', 'result'],
    ),
    levels: metrics.counter(
      'medley_cache_level_hits_total',
      'Where values were found: near (in this process), far',
      ['level'],
    ),
    loads: metrics.histogram('medley_cache_load_seconds', 'How long it took to load what was missing', [
      'name',
    ]),
    seconds: metrics.histogram(
      'medley_cache_operation_seconds',
      'How long operations on Redis took, failed ones too',
      ['operation'],
      [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1],
    ),
    errors: metrics.counter(
      'medley_cache_errors_total',
      'Operations on Redis that failed: timeout, unreachable, refused (not tried, as the ones before failed), other',
      ['operation', 'reason'],
    ),
    evictions: metrics.counter('medley_cache_evictions_total', 'Entries that had to make room in memory'),
    bytes: metrics.gauge('medley_cache_memory_bytes', 'Memory that entries take, estimated'),
    entries: metrics.gauge('medley_cache_memory_entries', 'Entries in memory'),
  };
}

/** What came of asking for a key. */
export type ReadResult = 'hit' | 'negative' | 'miss' | 'shared' | 'unreadable';

/** Counts what came of a batch, each result once: a page of a hundred rows asks for a thousand keys. */
export function countReads(metrics: CacheMetrics, name: string) {
  return (results: readonly ReadResult[]) => {
    const tally = new Map<ReadResult, number>();
    for (const result of results) tally.set(result, (tally.get(result) ?? 0) + 1);
    for (const [result, times] of tally) metrics.reads.inc({ name, result }, times);
  };
}
