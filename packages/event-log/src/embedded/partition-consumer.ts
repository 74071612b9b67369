import { setTimeout as pause } from 'node:timers/promises';
import type { Logger } from '@medley/service';
import type { BatchHandler, StoredRecord } from '../event-log.ts';
import type { PartitionState } from './topics.ts';

export interface PartitionConsumerOptions {
  readonly group: string;
  readonly partition: PartitionState;
  readonly handle: BatchHandler;
  readonly maxBatch: number;
  /** Where to begin. */
  readonly findPosition: () => Promise<bigint>;
  readonly read: (from: bigint, limit: number) => Promise<readonly StoredRecord[]>;
  /** Writes down that all before this offset is done. */
  readonly commit: (offset: bigint) => Promise<void>;
  readonly logger: Logger;
}

/** Hands one partition to one member of a group. */
export interface PartitionConsumer {
  /** Begins nothing more; resolves when the handler under way has ended and what it did is committed. */
  stop(): Promise<void>;
  /**
   * The same, but it waits for a handler only as long as that shows signs of life: what it does after ten seconds of silence is
   * not committed any more.
   */
  handOver(): Promise<void>;
}

const silenceMs = 10_000;
const firstPauseMs = 100;
const longestPauseMs = 5_000;

export function startPartitionConsumer(options: PartitionConsumerOptions): PartitionConsumer {
  const { group, partition, handle, maxBatch, findPosition, read, commit } = options;
  const logger = options.logger.child({ group, topic: partition.topic, partition: partition.partition });
  const stopping = new AbortController();
  /** Of the batch under way: one signal for all of them would gather the listeners of all handlers. */
  let underWay: AbortController | null = null;
  let lastSign = 0;
  let givenUp = false;

  /** Does it until it succeeds, with pauses; null when the consumer is stopped before. */
  async function insist<Result>(work: () => Promise<Result>, failure: string): Promise<Result | null> {
    for (let pauseMs = firstPauseMs; !stopping.signal.aborted; ) {
      try {
        return await work();
      } catch (error) {
        if (!stopping.signal.aborted) logger.warn({ err: error }, failure);
      }
      await pause(pauseMs, undefined, { signal: stopping.signal }).catch(() => {});
      pauseMs = Math.min(pauseMs * 2, longestPauseMs);
    }
    return null;
  }

  async function deliver(records: readonly StoredRecord[]) {
    const controller = new AbortController();
    underWay = controller;
    if (stopping.signal.aborted) controller.abort();
    lastSign = Date.now();
    try {
      await handle({
        topic: partition.topic,
        partition: partition.partition,
        records,
        signal: controller.signal,
        heartbeat: async () => {
          lastSign = Date.now();
        },
      });
    } finally {
      underWay = null;
    }
    if (givenUp) throw new Error('the partition was given to another member meanwhile');
  }

  async function run() {
    let position = await insist(findPosition, 'the position of the group cannot be read');
    while (position !== null && !stopping.signal.aborted) {
      if (partition.high <= position) {
        await partition.grown.heard(stopping.signal);
        continue;
      }
      const from: bigint = position;
      const { high } = partition;
      const records = await insist(() => read(from, maxBatch), 'records cannot be read');
      if (records === null) return;
      const last = records.at(-1);
      const next: bigint = last ? last.offset + 1n : high;
      // None: compaction took what was left.
      const done = await insist(async () => {
        if (records.length > 0) await deliver(records);
        await commit(next);
        return true;
      }, 'records are to be handled again');
      if (!done) return;
      position = next;
    }
  }

  const running = run();
  function abort() {
    stopping.abort();
    underWay?.abort();
  }
  return {
    stop() {
      abort();
      return running;
    },
    async handOver() {
      abort();
      const ended = running.then(() => true);
      while (!(await Promise.race([ended, pause(250, false, { ref: false })]))) {
        if (Date.now() - lastSign < silenceMs) continue;
        givenUp = true;
        logger.error(`a handler was silent for ${silenceMs} ms: its partition goes to another member`);
        return;
      }
    },
  };
}
