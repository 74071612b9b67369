import type { Logger, Metrics } from '@medley/service';
import type { IndexingObserver } from './domain/indexing.ts';

/** Tells logs and metrics what happens while an index is kept. */
export function observeIndexing({ logger, metrics }: { logger: Logger; metrics: Metrics }): IndexingObserver {
  const lag = metrics.gauge(
    'medley_search_lag_seconds',
    'The age of the oldest change that is not in the index yet, by source; as of the last asking.',
    ['source'],
  );
  const askedAt = metrics.gauge(
    'medley_search_source_asked_timestamp_seconds',
    'When the source answered last, in seconds since 1970.',
    ['source'],
  );
  const written = metrics.counter(
    'medley_search_documents_written_total',
    'Documents that were put into the index or removed from it while following a source.',
    ['source', 'change'],
  );
  const failures = metrics.counter(
    'medley_search_following_failures_total',
    'Rounds of following a source that failed, and were or will be tried again.',
    ['source'],
  );
  const documents = metrics.gauge('medley_search_documents', 'Documents in the index, by kind.', ['kind']);
  const rebuilds = metrics.counter(
    'medley_search_rebuilds_total',
    'Rebuilds of the index: swapped, interrupted or failed.',
    ['outcome'],
  );
  const rebuildDuration = metrics.gauge(
    'medley_search_last_rebuild_duration_seconds',
    'How long the last rebuild that was swapped in took.',
  );
  return {
    sourceAsked(source, lagMs) {
      lag.set({ source }, lagMs / 1_000);
      askedAt.set({ source }, Date.now() / 1_000);
    },
    documentsWritten(source, { put, removed }) {
      written.inc({ source, change: 'put' }, put);
      written.inc({ source, change: 'removed' }, removed);
      logger.debug({ source, put, removed }, 'wrote changes into the index');
    },
    followingFailed(source, error, retryMs) {
      failures.inc({ source });
      logger.warn({ err: error, source, retryMs }, 'could not follow a source, trying again');
    },
    indexCounted(counts) {
      for (const [kind, count] of Object.entries(counts)) documents.set({ kind }, count);
    },
    rebuildStarted: (reason) => logger.info({ reason }, 'rebuilding the index'),
    rebuildSwapped({ documents: copied, durationMs }) {
      rebuilds.inc({ outcome: 'swapped' });
      rebuildDuration.set(durationMs / 1_000);
      logger.info({ documents: copied, durationMs }, 'a fresh index answers');
    },
    rebuildInterrupted() {
      rebuilds.inc({ outcome: 'interrupted' });
      logger.info('the rebuild was interrupted; the old index answers');
    },
    rebuildFailed(error) {
      rebuilds.inc({ outcome: 'failed' });
      logger.error({ err: error }, 'the rebuild failed; the old index answers');
    },
  };
}
