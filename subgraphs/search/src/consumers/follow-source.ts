import { type InTurn, startRounds } from '@medley/timing';
import type { IndexingObserver, SourceStatus } from '../domain/indexing.ts';
import type { IndexWriter } from '../domain/search-index.ts';
import type { DocumentSource } from '../domain/source.ts';
import { copyChanges } from './copy-changes.ts';
import { retryAfterMs } from './retry-after.ts';

export interface FollowOptions {
  readonly writer: IndexWriter;
  readonly source: DocumentSource;
  /** Keeps what is written out of the way of a swap. */
  readonly inTurn: InTurn;
  readonly observer: IndexingObserver;
  readonly clock: () => number;
  readonly everyMs: number;
  /** As of `copyChanges`. */
  readonly batchSize?: number;
}

export interface Follower {
  status(): SourceStatus;
  /** Ends with what is under way. */
  stop(): Promise<void>;
}

const longestRetryMs = 30_000;

/**
 * Follows one source: asks it what changed, again and again, and writes that into the index that answers. Where it stands
 * is read from the index each time, so another index in its place, or an older one, is followed from where that stands.
 * What fails is tried again, later and later. While there is no index, or one that knows nothing of this source, it waits.
 */
export function followSource({
  writer,
  source,
  inTurn,
  observer,
  clock,
  everyMs,
  batchSize,
}: FollowOptions): Follower {
  let failures = 0;
  let lastAskedAt: Date | null = null;
  /** Undefined when the source could not be asked. */
  let oldestPending: Date | null | undefined;
  const lagMs = () => (oldestPending ? Math.max(0, clock() - oldestPending.getTime()) : 0);

  async function follow(signal: AbortSignal): Promise<boolean> {
    const state = await writer.readState();
    const { generation, positions, counts } = state;
    observer.indexCounted(counts);
    const position = positions[source.name];
    if (generation === null || position === undefined) return true;

    let asked = false;
    try {
      const { complete } = await copyChanges({
        source,
        position,
        batchSize,
        signal,
        onAsked(oldest) {
          asked = true;
          lastAskedAt = new Date(clock());
          oldestPending = oldest;
          observer.sourceAsked(source.name, lagMs());
        },
        write: (changes) =>
          inTurn(async () => {
            // What was begun with one index says nothing about how far another one is, or the same that lost something.
            const now = await writer.readState();
            const isSame = now.generation === generation && now.incarnation === state.incarnation;
            if (!isSame) throw new ReplacedError();
            await writer.write(changes);
            const { put, remove } = changes;
            observer.documentsWritten(source.name, { put: put.length, removed: remove.length });
          }),
      });
      if (complete && oldestPending) {
        oldestPending = null;
        observer.sourceAsked(source.name, 0);
      }
      return complete;
    } catch (error) {
      if (!asked) oldestPending = undefined;
      throw error;
    }
  }

  const stop = startRounds(async (signal) => {
    try {
      const complete = await follow(signal);
      failures = 0;
      return complete ? everyMs : 0;
    } catch (error) {
      if (error instanceof ReplacedError || signal.aborted) return 0;
      failures += 1;
      const retryMs = retryAfterMs(failures, { firstMs: everyMs, mostMs: longestRetryMs });
      observer.followingFailed(source.name, error, retryMs);
      return retryMs;
    }
  });

  return {
    status: () => ({
      name: source.name,
      lagMs: oldestPending === undefined ? null : lagMs(),
      lastAskedAt,
    }),
    stop,
  };
}

/** Another index answers in the meantime, or an older state of this one. */
class ReplacedError extends Error {}
