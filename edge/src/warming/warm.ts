import type { AudioQuality } from '@medley/signed-url';
import { SLICE_BYTES } from '../cache/slice-cache.ts';
import type { EdgeUnderWarming, WarmedFile } from './edge-under-warming.ts';
import type { MostPlayed } from './most-played.ts';
import { type Clock, createPace } from './pace.ts';

export interface WarmOptions {
  readonly edges: readonly EdgeUnderWarming[];
  readonly mostPlayed: MostPlayed;
  /** In which to have each track, the one to have first in front. */
  readonly qualities: readonly AudioQuality[];
  /** What the origin may be asked for in all; the run ends when it is spent. */
  readonly budgetBytes: number;
  readonly bytesPerSecond: number;
  /** How many slices are asked for at once, at all edges together. */
  readonly concurrency: number;
  /** Ends the run at once. */
  readonly signal: AbortSignal;
  /** Called when something has changed. */
  readonly onProgress?: (progress: WarmProgress) => void;
  /** By which the pace is kept; the machine's unless told otherwise. */
  readonly clock?: Clock;
}

export interface WarmProgress {
  /** Tracks that were gone through, and how many there are to go through. */
  readonly tracks: number;
  readonly ofTracks: number;
  /** Slices that were in a cache already. */
  readonly hits: number;
  /** Slices that were fetched, and what they cost the origin. */
  readonly fetched: number;
  readonly originBytes: number;
  /** Slices that could not be had. */
  readonly failed: number;
}

export interface WarmReport extends WarmProgress {
  /** `done`: all of it is warm. `failing`: at no edge one could be had after another, so it was given up. */
  readonly ended: 'done' | 'budget' | 'interrupted' | 'failing';
  /** Why the last slice that failed did. */
  readonly lastFailure: string | null;
  readonly durationMs: number;
}

/** After so many failures in a row an edge is left in peace. */
const patience = 10;

/**
 * Fills the caches of edges with what is played most, the most played first.
 * @throws EdgeRefusesError, ServiceCallError
 */
export async function warm(options: WarmOptions): Promise<WarmReport> {
  const { edges, mostPlayed, qualities, budgetBytes, bytesPerSecond, concurrency } = options;
  const startedAt = performance.now();
  const pace = createPace(bytesPerSecond, options.clock);
  const progress = { tracks: 0, hits: 0, fetched: 0, originBytes: 0, failed: 0 };
  let underWay = 0;
  const failuresInARow = new Map(edges.map((edge) => [edge, 0]));
  let lastFailure: string | null = null;
  let ended: WarmReport['ended'] | undefined;
  let error: unknown;

  const current = (): WarmProgress => ({ ...progress, ofTracks: mostPlayed.count });
  /** Whether the budget allows for another slice beside those under way. */
  const isAffordable = () => progress.originBytes + (underWay + 1) * SLICE_BYTES <= budgetBytes;

  const isGivenUp = (edge: EdgeUnderWarming) => (failuresInARow.get(edge) ?? 0) >= patience;

  /** Each file at each edge, by rank. */
  async function* jobs(): AsyncGenerator<{ file: WarmedFile; edge: EdgeUnderWarming }> {
    for await (const trackId of mostPlayed.tracks) {
      for (const quality of qualities) for (const edge of edges) yield { file: { trackId, quality }, edge };
      progress.tracks += 1;
    }
  }

  /** @returns how many slices the file has; undefined when nothing more of it is to be had */
  async function warmSlice(file: WarmedFile, index: number, edge: EdgeUnderWarming) {
    underWay += 1;
    const outcome = await edge.warm(file, index, options.signal).finally(() => {
      underWay -= 1;
    });
    if (outcome.kind === 'failed') {
      progress.failed += 1;
      lastFailure = outcome.reason;
      failuresInARow.set(edge, (failuresInARow.get(edge) ?? 0) + 1);
      if (edges.every(isGivenUp)) ended ??= 'failing';
      return undefined;
    }
    failuresInARow.set(edge, 0);
    if (outcome.kind === 'missing') return undefined;
    if (outcome.originBytes === 0) progress.hits += 1;
    else progress.fetched += 1;
    progress.originBytes += outcome.originBytes;
    pace.spend(outcome.originBytes);
    return Math.ceil(outcome.fileBytes / SLICE_BYTES);
  }

  async function work(queue: ReturnType<typeof jobs>): Promise<void> {
    for (let job = await queue.next(); !job.done && !ended; job = await queue.next()) {
      const { file, edge } = job.value;
      if (isGivenUp(edge)) continue;
      let slices: number | undefined = 1;
      for (let index = 0; slices !== undefined && index < slices; index += 1) {
        await pace.ready(options.signal);
        if (!isAffordable()) ended ??= 'budget';
        if (ended) return;
        slices = await warmSlice(file, index, edge);
        options.onProgress?.(current());
      }
    }
  }

  const queue = jobs();
  const workers = Array.from({ length: concurrency }, () =>
    work(queue).catch((reason: unknown) => {
      error ??= reason;
      ended ??= 'interrupted';
    }),
  );
  await Promise.all(workers);
  if (error && !options.signal.aborted) throw error;
  const durationMs = Math.round(performance.now() - startedAt);
  return { ...current(), ended: ended ?? 'done', lastFailure, durationMs };
}
