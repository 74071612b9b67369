import type { Logger } from '@medley/service';
import type { BatchHandler, StoredRecord } from '../event-log.ts';
import { pause } from '../pause.ts';

export interface PartitionWorkOptions {
  readonly group: string;
  readonly handle: BatchHandler;
  readonly maxBatch: number;
  readonly logger: Logger;
  /** Told the next offset of a partition whenever a handler has done its part. */
  readonly onDone: (topic: string, partition: number, next: bigint) => void;
}

/** Records of one partition that are being handled. */
export interface Work {
  readonly topic: string;
  readonly partition: number;
  /** The next to be handled. */
  next: bigint;
  /** When the handler was last heard of, in the time of `performance.now()`. */
  heardAt: number;
  readonly abort: AbortController;
  /** Never rejects. */
  ended: Promise<void>;
}

/** Handles what was fetched, each partition by itself, one batch at a time, again and again until the handler takes it. */
export interface PartitionWork {
  /** Begins when earlier work on the partition has ended, and leaves out what that has done. */
  begin(topic: string, partition: number, records: readonly StoredRecord[]): Work;
  readonly all: Iterable<Work>;
  /** Lets work end early where the partition is not ours any more. */
  keepOnly(isOurs: (topic: string, partition: number) => boolean): void;
  /** When nothing is handled any more. */
  idle(): Promise<void>;
}

export function createPartitionWork(options: PartitionWorkOptions): PartitionWork {
  const { group, handle, maxBatch, logger, onDone } = options;
  const working = new Map<string, Work>();

  async function work(it: Work, before: Work | undefined, records: readonly StoredRecord[]): Promise<void> {
    await before?.ended;
    const { topic, partition, abort } = it;
    if (before && before.next > it.next) {
      it.next = before.next;
      // Done in an earlier life, which could not commit it: without a new record nothing else would.
      onDone(topic, partition, it.next);
    }
    let waiting = records.filter(({ offset }) => offset >= it.next);
    let waitMs = 100;
    while (waiting.length > 0 && !abort.signal.aborted) {
      const batch = waiting.slice(0, maxBatch);
      it.heardAt = performance.now();
      try {
        await handle({
          topic,
          partition,
          records: batch,
          signal: abort.signal,
          heartbeat: async () => {
            it.heardAt = performance.now();
          },
        });
      } catch (error) {
        if (abort.signal.aborted) return;
        logger.warn(
          { err: error, group, topic, partition, offset: String(it.next) },
          'a handler failed; again',
        );
        await pause(waitMs, abort.signal);
        waitMs = Math.min(2 * waitMs, 5_000);
        continue;
      }
      waitMs = 100;
      waiting = waiting.slice(batch.length);
      it.next = (batch.at(-1) as StoredRecord).offset + 1n;
      onDone(topic, partition, it.next);
    }
  }

  return {
    begin(topic, partition, records) {
      const key = keyOf(topic, partition);
      const it: Work = {
        topic,
        partition,
        next: records[0]?.offset ?? 0n,
        heardAt: performance.now(),
        abort: new AbortController(),
        ended: Promise.resolve(),
      };
      it.ended = work(it, working.get(key), records).finally(() => {
        if (working.get(key) === it) working.delete(key);
      });
      working.set(key, it);
      return it;
    },
    get all() {
      return working.values();
    },
    keepOnly(isOurs) {
      for (const { topic, partition, abort } of working.values()) {
        if (!isOurs(topic, partition)) abort.abort();
      }
    },
    async idle() {
      while (working.size > 0) await Promise.all([...working.values()].map(({ ended }) => ended));
    },
  };
}

const keyOf = (topic: string, partition: number) => `${topic}/${partition}`;
