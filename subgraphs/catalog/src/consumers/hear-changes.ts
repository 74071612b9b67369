import { catalogChanged } from '@medley/events';

/** What is needed of an event log: to read on from now, as every process does for itself. */
export interface ChangesHeard {
  tail(options: {
    readonly topic: string;
    readonly from: 'end';
    readonly handle: () => void;
    readonly onCrash: (error: Error) => void;
  }): Promise<{ stop(): Promise<void> }>;
}

/**
 * Listens for changes of the catalog that other processes made, so that they are looked for at once and not at the next look.
 * Nothing rests on it: when the log is away, or ends the reading, it is tried again later.
 * @param wake told that something changed
 * @param onLost told each time that it cannot be heard
 */
export function hearChanges({
  log,
  wake,
  onLost,
  retryMs = 10_000,
}: {
  log: ChangesHeard;
  wake: () => void;
  onLost: (error: unknown) => void;
  retryMs?: number;
}): { stop(): Promise<void> } {
  let stopped = false;
  let timer: NodeJS.Timeout | undefined;
  let listening = listen();

  async function listen() {
    try {
      return await log.tail({ topic: catalogChanged.name, from: 'end', handle: wake, onCrash: listenLater });
    } catch (error) {
      listenLater(error);
      return undefined;
    }
  }

  function listenLater(error: unknown) {
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
