import type { Logger, Metrics } from '@medley/service';
import type { Generations } from './domain/generations.ts';
import type { Pruning } from './domain/pruning.ts';

export interface UpkeepOptions {
  readonly generations: Pick<Generations, 'prepare' | 'dropRetired'>;
  readonly pruning: Pruning;
  readonly logger: Logger;
  readonly metrics: Metrics;
  /** Milliseconds since 1970. */
  readonly clock?: () => number;
  /** An hour unless told otherwise. */
  readonly everyMs?: number;
}

/**
 * Makes room for the claims of the next days, forgets what is too old, and drops numbers that are shown no more, each hour: every
 * process may do it. What fails is done the next time; there is room for two days.
 * @returns how to stop it
 */
export function startUpkeep(options: UpkeepOptions): () => Promise<void> {
  const { generations, pruning, logger, metrics, clock = Date.now, everyMs = 3_600_000 } = options;
  const pruned = metrics.counter(
    'medley_analytics_pruned_rows_total',
    'Rows that were older than they are kept',
    ['table'],
  );
  const finishedAt = metrics.gauge(
    'medley_analytics_upkeep_finished_seconds',
    'When upkeep last came to its end, in seconds since 1970: it makes room for the claims of events two days ahead',
  );
  const stopping = new AbortController();
  let running = Promise.resolve();

  async function run() {
    try {
      await generations.prepare();
      const forgotten = await pruning.prune(new Date(clock()), stopping.signal);
      for (const { table, rows } of forgotten) pruned.inc({ table }, rows);
      finishedAt.set(clock() / 1000);
    } catch (error) {
      logger.error({ err: error }, 'upkeep of the numbers failed');
    }
    if (stopping.signal.aborted) return;
    // Who reads them for long keeps them from being dropped: nothing that counting needs waits for that.
    await generations
      .dropRetired()
      .catch((error: unknown) => logger.warn({ err: error }, 'old numbers are dropped by the next upkeep'));
  }
  function runNext() {
    running = running.then(() => (stopping.signal.aborted ? undefined : run()));
  }
  runNext();
  const timer = setInterval(runNext, everyMs).unref();
  return async () => {
    clearInterval(timer);
    stopping.abort();
    await running;
  };
}
