import type { Logger, Metrics } from '@medley/service';
import type { ServiceCaller } from '@medley/service-caller';
import type { AudioQuality, SigningKeys } from '@medley/signed-url';
import { openEdge } from './edge-under-warming.ts';
import { findMostPlayed, type WarmShare } from './most-played.ts';
import type { Clock } from './pace.ts';
import { type WarmProgress, type WarmReport, warm } from './warm.ts';

/** What is warmed, and what that may cost. */
export interface WarmTerms extends WarmShare {
  /** In which to have each track, the one to have first in front. */
  readonly qualities: readonly AudioQuality[];
  /** What the origin may be asked for in one run. */
  readonly budgetBytes: number;
  readonly bytesPerSecond: number;
  /** How many slices are asked for at once. */
  readonly concurrency: number;
}

export interface WarmingOptions {
  readonly analytics: Pick<ServiceCaller, 'ask'>;
  /** Each node of the edge by an address of its own: behind a balancer only one of them would become warm. */
  readonly edgeUrls: readonly string[];
  /** The same as streaming signs with. */
  readonly keys: SigningKeys;
  readonly terms: WarmTerms;
  readonly metrics: Metrics;
  /** For one slice, which the origin may have to make first; a minute unless told otherwise. */
  readonly timeoutMs?: number;
  /** By which the pace is kept; the machine's unless told otherwise. */
  readonly clock?: Clock;
}

export interface Warming {
  /**
   * Runs once.
   * @param run.terms other terms than usual
   * @throws EdgeRefusesError, ServiceCallError
   */
  run(run: {
    readonly signal: AbortSignal;
    readonly terms?: Partial<WarmTerms>;
    readonly onProgress?: (progress: WarmProgress) => void;
  }): Promise<WarmReport>;
}

export function createWarming(options: WarmingOptions): Warming {
  const { analytics, edgeUrls, keys, metrics, timeoutMs = 60_000, clock } = options;
  const meters = createWarmingMetrics(metrics);

  return {
    async run({ signal, terms = {}, onProgress }) {
      const { share, minTracks, ...rest } = { ...options.terms, ...terms };
      const connections = rest.concurrency;
      const edges = edgeUrls.map((url) => openEdge({ url, keys, timeoutMs, connections }));
      try {
        const mostPlayed = await findMostPlayed(analytics, { share, minTracks });
        const report = await warm({ ...rest, edges, mostPlayed, signal, onProgress, clock });
        meters.slices.inc({ result: 'hit' }, report.hits);
        meters.slices.inc({ result: 'fetched' }, report.fetched);
        meters.slices.inc({ result: 'failed' }, report.failed);
        meters.bytes.inc(report.originBytes);
        meters.runs.inc({ ended: report.ended });
        meters.endedAt.set(Date.now() / 1_000);
        return report;
      } catch (error) {
        meters.runs.inc({ ended: 'error' });
        throw error;
      } finally {
        await Promise.all(edges.map((edge) => edge.close()));
      }
    },
  };
}

/** Runs a warming now and again. */
export function startWarmingSchedule({
  warming,
  everyMs,
  firstAfterMs = 0,
  logger,
}: {
  readonly warming: Warming;
  /** From the beginning of one run to that of the next, unless that takes longer. */
  readonly everyMs: number;
  readonly firstAfterMs?: number;
  readonly logger: Logger;
}): { stop(): Promise<void> } {
  const stopping = new AbortController();
  let timer: NodeJS.Timeout;
  let running: Promise<void> = Promise.resolve();

  async function run(): Promise<void> {
    const startedAt = performance.now();
    try {
      const report = await warming.run({ signal: stopping.signal });
      const level = report.ended === 'failing' ? 'warn' : 'info';
      logger[level](report, 'the edge was warmed');
    } catch (error) {
      if (!stopping.signal.aborted) logger.warn({ err: error }, 'the edge could not be warmed');
    }
    runAfter(Math.max(0, everyMs - (performance.now() - startedAt)));
  }
  function runAfter(ms: number): void {
    if (stopping.signal.aborted) return;
    timer = setTimeout(() => {
      running = run();
    }, ms);
    timer.unref();
  }
  runAfter(firstAfterMs);

  return {
    async stop() {
      stopping.abort();
      clearTimeout(timer);
      await running;
    },
  };
}

const createWarmingMetrics = (metrics: Metrics) => ({
  runs: metrics.counter(
    'medley_edge_warming_runs_total',
    'Runs of warming by how they ended: done, budget (spent), interrupted, failing (the edge or its origin), error (analytics, or keys)',
    ['ended'],
  ),
  slices: metrics.counter(
    'medley_edge_warming_slices_total',
    'Slices that were asked for: hit (warm already), fetched, failed',
    ['result'],
  ),
  bytes: metrics.counter('medley_edge_warming_bytes_total', 'What warming cost the origin'),
  endedAt: metrics.gauge('medley_edge_warming_ended_seconds', 'When a run last came to its end, Unix time'),
});
