import type { Logger, Metrics } from '@medley/service';
import { createIndexing as createConsumers, type Indexing } from './consumers/indexing.ts';
import { watchSources as watch } from './consumers/watch-sources.ts';
import type { IndexingMonitor } from './domain/indexing.ts';
import type { IndexWriter, SearchIndex } from './domain/search-index.ts';
import type { DocumentSource } from './domain/source.ts';
import { observeIndexing } from './observe-indexing.ts';

export type { Indexing } from './consumers/indexing.ts';

const dayMs = 86_400_000;

/** Keeps an index, and tells logs and metrics of it. */
export function createIndexing({
  writer,
  sources,
  logger,
  metrics,
  clock = Date.now,
  followEveryMs = 1_000,
  rebuildEveryMs = dayMs,
  batchSize,
}: {
  writer: IndexWriter;
  sources: readonly DocumentSource[];
  logger: Logger;
  metrics: Metrics;
  /** Milliseconds since 1970. */
  clock?: () => number;
  /** How often to ask what changed, in milliseconds. */
  followEveryMs?: number;
  /** How old an index may be before it is built anew, in milliseconds; null for any age. */
  rebuildEveryMs?: number | null;
  /**
   * How many changes and documents a follower asks for at once; 500 unless told otherwise. Where the sources share a thread with
   * those who search, a small one keeps their waits short.
   */
  batchSize?: number;
}): Indexing {
  const observer = observeIndexing({ logger, metrics });
  return createConsumers({ writer, sources, observer, clock, followEveryMs, rebuildEveryMs, batchSize });
}

/** Tells how far an index follows that another process keeps. */
export function watchSources({
  index,
  sources,
}: {
  index: SearchIndex;
  sources: readonly DocumentSource[];
}): IndexingMonitor {
  return watch({ index, sources, clock: Date.now, keepMs: 1_000 });
}
