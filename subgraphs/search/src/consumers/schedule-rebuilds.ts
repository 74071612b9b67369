import { startRounds } from '@medley/timing';
import { rebuildReason } from '../domain/rebuild-reason.ts';
import type { IndexWriter } from '../domain/search-index.ts';
import { retryAfterMs } from './retry-after.ts';

export interface ScheduleOptions {
  readonly writer: IndexWriter;
  /** The names of what the index follows. */
  readonly sources: readonly string[];
  readonly rebuild: (reason: string) => Promise<unknown>;
  readonly clock: () => number;
  /** How old an index may be; null for any age. */
  readonly everyMs: number | null;
  /** How often to look whether it is time, in milliseconds. */
  readonly checkMs: number;
  /** How soon to try again when a rebuild failed for the first time, in milliseconds. */
  readonly retryMs: number;
}

const longestRetryMs = 600_000;

/**
 * Rebuilds the index when there is none, and when it is old. Its age is read from the index, so that it counts through
 * restarts. A rebuild that failed is tried again, later and later; who rebuilds tells why it failed.
 * @returns how to stop
 */
export function scheduleRebuilds({
  writer,
  sources,
  rebuild,
  clock,
  everyMs,
  checkMs,
  retryMs,
}: ScheduleOptions): () => Promise<void> {
  let failures = 0;
  return startRounds(async () => {
    try {
      const reason = rebuildReason(await writer.readState(), sources, { now: clock(), everyMs });
      if (reason !== null) await rebuild(reason);
      failures = 0;
      return checkMs;
    } catch {
      failures += 1;
      return retryAfterMs(failures, { firstMs: retryMs, mostMs: longestRetryMs });
    }
  });
}
