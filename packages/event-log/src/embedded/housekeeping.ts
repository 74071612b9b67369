import { setTimeout as pause } from 'node:timers/promises';
import type { Logger } from '@medley/service';
import { compactPartition } from './compaction.ts';
import type { LevelStore } from './level-store.ts';
import { trimPartition } from './retention.ts';
import type { Topics } from './topics.ts';
import type { Writer } from './writer.ts';

export interface HousekeepingOptions {
  readonly store: LevelStore;
  readonly writer: Writer;
  readonly topics: Topics;
  readonly clock: () => number;
  readonly logger: Logger;
}

/** Deletes what is too old and what later records replaced, partition by partition, at the start and every minute. */
export interface Housekeeping {
  /** Runs a round now, after the one under way. */
  run(): Promise<void>;
  stop(): Promise<void>;
}

const everyMs = 60_000;
/** Kafka's `delete.retention.ms`. */
const tombstonesKeptMs = 86_400_000;

export function startHousekeeping(options: HousekeepingOptions): Housekeeping {
  const { store, writer, topics, clock, logger } = options;
  const stopping = new AbortController();
  const { signal } = stopping;
  let last: Promise<void> = Promise.resolve();

  async function round() {
    for (const { partitions, retentionMs } of topics.all()) {
      for (const partition of partitions) {
        if (signal.aborted) return;
        await (retentionMs === null
          ? compactPartition(store, writer, partition, new Date(clock() - tombstonesKeptMs), signal)
          : trimPartition(store, writer, partition, new Date(clock() - retentionMs), signal));
      }
    }
  }

  function run(): Promise<void> {
    last = last.catch(() => {}).then(round);
    return last;
  }

  const running = (async () => {
    while (!signal.aborted) {
      await run().catch((error) => {
        if (!signal.aborted) logger.error({ err: error }, 'the event log could not be tidied');
      });
      await pause(everyMs, undefined, { signal, ref: false }).catch(() => {});
    }
  })();

  return {
    run,
    async stop() {
      stopping.abort();
      await running;
      await last.catch(() => {});
    },
  };
}
