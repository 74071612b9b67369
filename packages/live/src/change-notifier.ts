import { type ChangesHeard, hearChanges, type StoredRecord } from '@medley/event-log';
import type { Logger } from '@medley/service';

export interface ChangeNotifierOptions {
  readonly log: ChangesHeard<StoredRecord>;
  /** Each is read from now on, as every process does for itself. */
  readonly topics: readonly {
    readonly topic: string;
    /** The keys that a record tells of; `everyone`: who watches whatever key, one after the other within some seconds. */
    readonly keysOf: (record: StoredRecord) => readonly string[] | 'everyone';
  }[];
  readonly logger: Logger;
  /** 30,000 unless told otherwise. */
  readonly recheckMs?: number;
  /** When a topic that could not be read is tried again; 10,000 unless told otherwise. */
  readonly retryMs?: number;
  /** Within which time everybody is woken; 3,000 unless told otherwise. */
  readonly everyoneWithinMs?: number;
}

/**
 * Tells who watches a key that something of it may have changed. It carries nothing: who is woken looks for himself, so no harm is done by a notification
 * that is lost, doubled or late.
 */
export interface ChangeNotifier {
  /**
   * Yields at once, then each time that the key was notified of since it yielded last (many times are one), and now and then without.
   * It returns when the signal is aborted, and throws when the notifier is stopped: nothing is over then but this process.
   */
  watch(key: string, signal: AbortSignal): AsyncIterable<void>;
  /** Wakes who watches these keys in this process. */
  notify(keys: readonly string[]): void;
  /** Wakes all who watch in this process. */
  notifyAll(): void;
  /** How many watch. */
  readonly watching: number;
  /** Ends all that watch, and the reading of the log. Safe to call twice. */
  stop(): Promise<void>;
}

interface Watcher {
  notified: boolean;
  /** Ends the wait that is under way. */
  wake: () => void;
}

/** Wakes who watches what the log tells of, and everybody when what it told may have gone unheard. */
export function createChangeNotifier({
  log,
  topics,
  logger,
  recheckMs = 30_000,
  retryMs,
  everyoneWithinMs = 3_000,
}: ChangeNotifierOptions): ChangeNotifier {
  const watchers = new Map<string, Set<Watcher>>();
  let stopping: Promise<unknown> | undefined;

  function wakeAll(watching: Iterable<Watcher>): void {
    for (const watcher of watching) {
      watcher.notified = true;
      watcher.wake();
    }
  }

  const notifyAll = () => {
    for (const watching of watchers.values()) wakeAll(watching);
  };

  function notify(keys: readonly string[]): void {
    for (const key of keys) wakeAll(watchers.get(key) ?? []);
  }

  /** What all of them find then is made for each: at one moment it would hold up everything else. */
  function notifyInTurn(): void {
    for (const watching of watchers.values())
      for (const watcher of watching)
        setTimeout(wakeAll, Math.random() * everyoneWithinMs, [watcher]).unref();
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
            const keys = keysOf(record);
            if (keys === 'everyone') notifyInTurn();
            else notify(keys);
          } catch (error) {
            // Whom it would have woken looks again by himself.
            logger.warn({ err: error, topic, key: record.key }, 'a change could not be read');
          }
        }
      },
      onHeard: notifyAll,
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
    notify,
    notifyAll,
    async *watch(key, signal) {
      const watcher: Watcher = { notified: true, wake: () => {} };
      const leave = enter(key, watcher);
      // Also when its reader never comes back for more.
      const onAbort = () => {
        leave();
        watcher.wake();
      };
      signal.addEventListener('abort', onAbort, { once: true });
      try {
        for (;;) {
          if (!watcher.notified && !signal.aborted && !stopping)
            await wokenWithin(watcher, jittered(recheckMs));
          if (signal.aborted) return;
          if (stopping) throw new Error('the notifier is stopped');
          watcher.notified = false;
          yield;
        }
      } finally {
        signal.removeEventListener('abort', onAbort);
        leave();
      }
    },
    async stop() {
      stopping ??= Promise.all(hearings.map((hearing) => hearing.stop()));
      notifyAll();
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
