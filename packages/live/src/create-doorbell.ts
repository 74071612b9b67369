import { type ChangesHeard, hearChanges, type StoredRecord } from '@medley/event-log';
import type { Logger } from '@medley/service';
import type { Doorbell } from './doorbell.ts';

export interface DoorbellOptions {
  readonly log: ChangesHeard<StoredRecord>;
  /** Each is read from now on, as every process does for itself. */
  readonly topics: readonly {
    readonly topic: string;
    /** The keys that a record tells of. */
    readonly keysOf: (record: StoredRecord) => readonly string[];
  }[];
  readonly logger: Logger;
  /** 30,000 unless told otherwise. */
  readonly recheckMs?: number;
  /** When a topic that could not be read is tried again; 10,000 unless told otherwise. */
  readonly retryMs?: number;
}

/** A doorbell that listens to topics. */
export interface LogDoorbell extends Doorbell {
  /** How many watch. */
  readonly watching: number;
}

interface Watcher {
  rung: boolean;
  /** Ends the wait that is under way. */
  wake: () => void;
}

/** Rings when the log tells of a change. Who watches is rung for too when what was told may have gone unheard. */
export function createDoorbell({
  log,
  topics,
  logger,
  recheckMs = 30_000,
  retryMs,
}: DoorbellOptions): LogDoorbell {
  const watchers = new Map<string, Set<Watcher>>();
  let stopping: Promise<unknown> | undefined;

  function ringFor(watching: Iterable<Watcher>): void {
    for (const watcher of watching) {
      watcher.rung = true;
      watcher.wake();
    }
  }

  const ringAll = () => {
    for (const watching of watchers.values()) ringFor(watching);
  };

  function ring(keys: readonly string[]): void {
    for (const key of keys) ringFor(watchers.get(key) ?? []);
  }

  function enter(key: string, watcher: Watcher): () => void {
    const watching = watchers.get(key) ?? new Set();
    watchers.set(key, watching.add(watcher));
    return () => {
      watching.delete(watcher);
      if (watching.size === 0 && watchers.get(key) === watching) watchers.delete(key);
    };
  }

  const hearings = topics.map(({ topic, keysOf }) =>
    hearChanges({
      log,
      topic,
      hear(_, records) {
        for (const record of records) {
          try {
            ring(keysOf(record));
          } catch (error) {
            // Whom it would have woken looks again by himself.
            logger.warn({ err: error, topic, key: record.key }, 'a change could not be read');
          }
        }
      },
      onHeard: ringAll,
      onLost: (error) =>
        logger.warn({ err: error, topic }, 'changes are not heard of, and looked for now and then'),
      retryMs,
    }),
  );

  return {
    get watching() {
      let count = 0;
      for (const { size } of watchers.values()) count += size;
      return count;
    },
    ring,
    ringAll,
    async *watch(key, signal) {
      const watcher: Watcher = { rung: true, wake: () => {} };
      const leave = enter(key, watcher);
      // Also when its reader never comes back for more.
      const onAbort = () => {
        leave();
        watcher.wake();
      };
      signal.addEventListener('abort', onAbort, { once: true });
      try {
        for (;;) {
          if (!watcher.rung && !signal.aborted && !stopping) await wokenWithin(watcher, jittered(recheckMs));
          if (signal.aborted) return;
          if (stopping) throw new Error('the doorbell is stopped');
          watcher.rung = false;
          yield;
        }
      } finally {
        signal.removeEventListener('abort', onAbort);
        leave();
      }
    },
    async stop() {
      stopping ??= Promise.all(hearings.map((hearing) => hearing.stop()));
      ringAll();
      await stopping;
    },
  };
}

function wokenWithin(watcher: Watcher, waitMs: number): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(wake, waitMs);
    function wake() {
      clearTimeout(timer);
      watcher.wake = () => {};
      resolve();
    }
    watcher.wake = wake;
  });
}

/** So that those who began together do not look together for ever. */
const jittered = (ms: number) => ms * (0.75 + Math.random() / 4);
