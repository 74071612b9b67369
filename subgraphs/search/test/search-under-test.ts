import { createCursors } from '@medley/connection';
import { createMetrics } from '@medley/service';
import { createTestCaller, createTestVerifier, silentLogger, testKeys } from '@medley/testing';
import { createApp } from '../src/app.ts';
import type { IndexingMonitor } from '../src/domain/indexing.ts';
import type { SearchDocument } from '../src/domain/search-document.ts';
import { MemoryIndex } from './memory-index.ts';

/** The subgraph over an index in memory. */
export async function openSearch({
  documents,
  index = new MemoryIndex(documents),
  indexing = { status: async () => ({ sources: [], rebuild: null }) },
  indexTimeoutMs,
}: {
  documents?: readonly SearchDocument[];
  index?: MemoryIndex;
  indexing?: IndexingMonitor;
  indexTimeoutMs?: number;
} = {}) {
  const metrics = createMetrics();
  const subgraph = await createApp({
    index,
    indexing,
    cursors: createCursors(testKeys),
    identity: createTestVerifier('search'),
    logger: silentLogger,
    metrics,
    indexTimeoutMs,
  });
  return { ...createTestCaller(subgraph), index, metrics };
}
