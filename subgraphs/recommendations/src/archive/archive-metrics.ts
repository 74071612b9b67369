import type { Metrics } from '@medley/service';

/** What operators see of the archive. */
export const meterArchive = (metrics: Metrics) => ({
  waiting: metrics.gauge(
    'medley_recommendations_archive_waiting_plays',
    'Plays that were taken from the log and are not written to the archive yet',
  ),
  waitingSeconds: metrics.gauge(
    'medley_recommendations_archive_waiting_seconds',
    'How long the first of the plays that are not written to the archive has been waiting; 0 when none is',
  ),
  parts: metrics.counter(
    'medley_recommendations_archive_parts_total',
    'Files that were written to the archive',
  ),
  plays: metrics.counter(
    'medley_recommendations_archive_plays_total',
    'Plays that were written to the archive',
  ),
  bytes: metrics.counter(
    'medley_recommendations_archive_bytes_total',
    'Bytes that were written to the archive',
  ),
  flushedAt: metrics.gauge(
    'medley_recommendations_archive_flushed_seconds',
    'When the last file was written to the archive, Unix time',
  ),
  failures: metrics.counter(
    'medley_recommendations_archive_failures_total',
    'Times that plays could not be written to the archive; they wait, and it is tried again',
  ),
});
