import type { ChangeNotifier, RetryWhileAway } from '@medley/live';
import DataLoader from 'dataloader';
import { type AskedPlayCount, NoSuchTrackError, type PlayCountNow } from '../domain/live-counts.ts';
import type { Statistics } from '../domain/statistics.ts';

export interface PlayCountsOptions {
  readonly statistics: Pick<Statistics, 'findPlayCounts'>;
  /** Notified of a track that was played. */
  readonly notifier: Pick<ChangeNotifier, 'watch'>;
  readonly retryWhileAway: RetryWhileAway;
  /** How long after one question the next is asked, in milliseconds; 200 unless told otherwise. */
  readonly everyMs?: number;
}

/** The most ids of one question. */
const mostTracks = 1_000;

/** Tells how often tracks were played, each time that it is another number: asked of the database itself, for all who watch together. */
export function createPlayCounts({ statistics, notifier, retryWhileAway, everyMs = 200 }: PlayCountsOptions) {
  let askedAt = Number.NEGATIVE_INFINITY;
  const counts = new DataLoader<string, number | null>(
    async (given) => {
      const found = await statistics.findPlayCounts([...new Set(given)]);
      return given.map((id) => found.get(id) ?? null);
    },
    {
      // Each look wants what is true now.
      cache: false,
      maxBatchSize: mostTracks,
      batchScheduleFn(ask) {
        const waitMs = askedAt + everyMs - performance.now();
        const askNow = () => {
          askedAt = performance.now();
          ask();
        };
        if (waitMs > 0) setTimeout(askNow, waitMs);
        else setImmediate(askNow);
      },
    },
  );

  /** @throws NoSuchTrackError also when the track goes meanwhile */
  return async function* watchPlayCount({
    trackId,
    after,
    signal,
  }: AskedPlayCount): AsyncGenerator<PlayCountNow, void> {
    let told = after;
    for await (const _ of notifier.watch(trackId, signal)) {
      const playCount = await retryWhileAway(() => counts.load(trackId), signal);
      if (playCount === undefined) return;
      if (playCount === null) throw new NoSuchTrackError(trackId);
      if (playCount === told) continue;
      // Fewer than there were: counted anew, or from a database that was restored.
      const kind = told === null ? 'STARTED' : playCount < told ? 'GAP' : 'CHANGED';
      told = playCount;
      yield { kind, playCount };
    }
  };
}
