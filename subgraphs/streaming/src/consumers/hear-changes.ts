import { catalogChanged, usersChanged } from '@medley/events';

/** What is needed of an event log: to read on from now, as every process does for itself. */
export interface ChangesHeard {
  tail(options: {
    readonly topic: string;
    readonly from: 'end';
    readonly handle: (records: readonly { readonly key: string }[]) => void;
    readonly onCrash: (error: Error) => void;
  }): Promise<{ stop(): Promise<void> }>;
}

/** Where facts have their changes told. */
export const topicOf = { tracks: catalogChanged.name, accounts: usersChanged.name };

/**
 * Listens to a topic, so that changes are heard of sooner than by asking. It is a hint and nothing rests on it: when the log is
 * away, or does not want us any more, it is tried again later.
 * @param hear gets the keys of what changed
 */
export function hearChanges({
  log,
  topic,
  hear,
  onLost,
  retryMs = 10_000,
}: {
  log: ChangesHeard;
  topic: string;
  hear: (keys: readonly string[]) => void;
  onLost: (error: unknown) => void;
  retryMs?: number;
}): { stop(): Promise<void> } {
  let stopped = false;
  let timer: NodeJS.Timeout | undefined;
  let listening: Promise<{ stop(): Promise<void> } | undefined> = listen();

  async function listen() {
    try {
      return await log.tail({
        topic,
        from: 'end',
        handle: (records) => hear(records.map(({ key }) => key)),
        onCrash: listenLater,
      });
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
