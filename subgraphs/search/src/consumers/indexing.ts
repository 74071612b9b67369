import { createTurns } from '@medley/timing';
import type { IndexingMonitor, IndexingObserver, RebuildStatus } from '../domain/indexing.ts';
import type { IndexWriter } from '../domain/search-index.ts';
import type { DocumentSource } from '../domain/source.ts';
import { type Follower, followSource } from './follow-source.ts';
import { type RebuildProgress, rebuildIndex } from './rebuild-index.ts';
import { scheduleRebuilds } from './schedule-rebuilds.ts';

export interface IndexingOptions {
  readonly writer: IndexWriter;
  readonly sources: readonly DocumentSource[];
  readonly observer: IndexingObserver;
  /** Milliseconds since 1970. */
  readonly clock: () => number;
  /** How often to ask what changed, in milliseconds. */
  readonly followEveryMs: number;
  /** How old an index may be before it is built anew, in milliseconds; null for any age. */
  readonly rebuildEveryMs: number | null;
  /** How many changes and documents a follower asks for at once, 1 to 1,000; 500 unless told otherwise. */
  readonly batchSize?: number;
}

/** Keeps one index: follows its sources and rebuilds it. One process at a time does this for an index. */
export interface Indexing extends IndexingMonitor {
  /** Follows, and rebuilds when there is no index or it is old. */
  start(): void;
  /**
   * Rebuilds now, also before `start`. Those that follow go on with the old index meanwhile, and with the new one after.
   * @returns how many documents it copied
   * @throws RebuildUnderWayError when one is under way, the signal's reason when interrupted, and what `rebuildIndex` throws
   */
  rebuild(options?: {
    signal?: AbortSignal;
    onProgress?: (progress: RebuildProgress) => void;
    /** Why, in words for operators. */
    reason?: string;
  }): Promise<{ documents: number }>;
  /** Interrupts a rebuild, ends with what is under way. Nothing starts again. */
  stop(): Promise<void>;
}

/** There is one rebuild at a time. */
export class RebuildUnderWayError extends Error {
  constructor(startedAt: Date) {
    super(`a rebuild is under way since ${startedAt.toISOString()}: wait for its end`);
    this.name = 'RebuildUnderWayError';
  }
}

export function createIndexing(options: IndexingOptions): Indexing {
  const { writer, sources, observer, clock, followEveryMs, rebuildEveryMs, batchSize } = options;
  const inTurn = createTurns();
  const stopping = new AbortController();
  let followers: readonly Follower[] = [];
  let endSchedule = async () => {};
  let underWay: RebuildStatus | null = null;
  let ended: Promise<unknown> = Promise.resolve();

  async function run(
    { signal, onProgress, reason = 'somebody asked for it' }: RebuildRequest,
    startedAt: Date,
  ) {
    observer.rebuildStarted(reason);
    try {
      const result = await rebuildIndex({
        writer,
        sources,
        inTurn,
        signal: signal ? AbortSignal.any([signal, stopping.signal]) : stopping.signal,
        onProgress(progress) {
          underWay = { startedAt, documents: progress.documents };
          onProgress?.(progress);
        },
      });
      observer.rebuildSwapped({ ...result, durationMs: clock() - startedAt.getTime() });
      return result;
    } catch (error) {
      if (signal?.aborted || stopping.signal.aborted) observer.rebuildInterrupted();
      else observer.rebuildFailed(error);
      throw error;
    } finally {
      underWay = null;
    }
  }

  const indexing: Indexing = {
    start() {
      if (followers.length > 0) throw new Error('indexing was started before');
      stopping.signal.throwIfAborted();
      followers = sources.map((source) =>
        followSource({ writer, source, inTurn, observer, clock, everyMs: followEveryMs, batchSize }),
      );
      endSchedule = scheduleRebuilds({
        writer,
        sources: sources.map(({ name }) => name),
        rebuild: (reason) => indexing.rebuild({ reason }),
        clock,
        everyMs: rebuildEveryMs,
        checkMs: 5 * followEveryMs,
        retryMs: followEveryMs,
      });
    },
    async rebuild(request = {}) {
      if (underWay) throw new RebuildUnderWayError(underWay.startedAt);
      const startedAt = new Date(clock());
      underWay = { startedAt, documents: 0 };
      const running = run(request, startedAt);
      ended = running.catch(() => {});
      return running;
    },
    async status() {
      return { sources: followers.map((follower) => follower.status()), rebuild: underWay };
    },
    async stop() {
      stopping.abort(new Error('indexing was stopped'));
      await Promise.all([...followers.map((follower) => follower.stop()), endSchedule(), ended]);
    },
  };
  return indexing;
}

type RebuildRequest = NonNullable<Parameters<Indexing['rebuild']>[0]>;
