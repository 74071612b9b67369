import { LogUnavailableError } from '../errors.ts';
import type { LevelStore, Operation } from './level-store.ts';

/** Something to be written, all or nothing. */
export interface Write {
  /** Called once, in the order of the writes, when all before are done or failed; not at all when there is nothing to write to. */
  prepare(): readonly Operation[];
  /** Called when it is on disk, in the order of the writes. */
  done?(): void;
  /** Called after `prepare` when it failed, or is not known to be written. */
  failed?(): void;
  /** Whether it must survive the loss of power, not only of the process. */
  readonly sync: boolean;
  /** About how much it is. */
  readonly bytes: number;
}

/** Writes one batch after the other; what comes while one is being written goes together into the next. */
export interface Writer {
  /** @throws LogUnavailableError */
  write(write: Write): Promise<void>;
  /** Refuses what comes from now on, and resolves when all before is written. */
  close(): Promise<void>;
}

// Together with the write buffer of LevelDB it bounds what a batch holds in memory.
const maxBatchBytes = 8_388_608;

export function createWriter(store: LevelStore): Writer {
  interface Waiting {
    readonly write: Write;
    resolve(): void;
    reject(error: unknown): void;
  }
  let waiting: Waiting[] = [];
  let running: Promise<void> | null = null;
  let closed = false;

  async function run() {
    // Calls of the same turn go together.
    await null;
    while (waiting.length > 0) await writeBatch(take());
    running = null;
  }

  function take(): readonly Waiting[] {
    let count = 0;
    let bytes = 0;
    while (count < waiting.length && (count === 0 || bytes < maxBatchBytes)) {
      bytes += waiting[count]?.write.bytes ?? 0;
      count += 1;
    }
    const batch = waiting.slice(0, count);
    waiting = waiting.slice(count);
    return batch;
  }

  async function writeBatch(batch: readonly Waiting[]) {
    let prepared = false;
    try {
      // Throws while there is nothing to write to: what is prepared then would be counted on what is just being read anew.
      store.level;
      prepared = true;
      const operations = batch.flatMap(({ write }) => write.prepare());
      await store.write(
        operations,
        batch.some(({ write }) => write.sync),
      );
    } catch (error) {
      if (prepared) for (const { write } of batch) write.failed?.();
      for (const { reject } of batch) reject(error);
      return;
    }
    for (const { write } of batch) write.done?.();
    for (const { resolve } of batch) resolve();
  }

  return {
    write(write) {
      if (closed) return Promise.reject(new LogUnavailableError('it is closed'));
      return new Promise((resolve, reject) => {
        waiting.push({ write, resolve, reject });
        running ??= run();
      });
    },
    async close() {
      closed = true;
      await running;
    },
  };
}
