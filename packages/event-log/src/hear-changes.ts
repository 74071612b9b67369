import type { StoredRecord, Subscription, TailOptions } from './event-log.ts';

/** What is needed of an event log: to read on from now, as every process does for itself. */
export interface ChangesHeard<Heard extends Pick<StoredRecord, 'key'> = Pick<StoredRecord, 'key'>> {
  tail(
    options: Pick<TailOptions, 'topic' | 'onCrash'> & {
      readonly from: 'end';
      readonly handle: (records: readonly Heard[]) => void;
    },
  ): Promise<Subscription>;
}

/**
 * Listens to a topic for who finds out about changes by himself, so that he looks at once and not at his next look. It is a hint, and
 * nothing may rest on it: when the log is away, or ends the reading, it is tried again later.
 * @param options.hear gets the keys of what changed, and the records
 * @param options.onLost told each time that it cannot be heard
 * @param options.onHeard told each time that it can be heard from now on: what came before may have gone unheard
 */
export function hearChanges<Heard extends Pick<StoredRecord, 'key'>>(options: {
  readonly log: ChangesHeard<Heard>;
  readonly topic: string;
  readonly hear: (keys: readonly string[], records: readonly Heard[]) => void;
  readonly onLost: (error: unknown) => void;
  readonly onHeard?: () => void;
  /** 10,000 unless told otherwise. */
  readonly retryMs?: number;
}): Subscription {
  const { log, topic, hear, onLost, onHeard, retryMs = 10_000 } = options;
  let stopped = false;
  let timer: NodeJS.Timeout | undefined;
  let listening: Promise<Subscription | undefined> = listen();

  async function listen() {
    try {
      const tail = await log.tail({
        topic,
        from: 'end',
        handle: (records) =>
          hear(
            records.map(({ key }) => key),
            records,
          ),
        onCrash: listenLater,
      });
      onHeard?.();
      return tail;
    } catch (error) {
      listenLater(error);
      return undefined;
    }
  }

  function listenLater(error: unknown): void {
    if (stopped) return;
    onLost(error);
    clearTimeout(timer);
    timer = setTimeout(() => {
      listening = listen();
    }, retryMs);
  }

  return {
    async stop() {
      stopped = true;
      clearTimeout(timer);
      await (await listening)?.stop();
    },
  };
}
