import { createGraphSender, createMeasurementQueue, type MeasurementQueue } from '@medley/player-metrics';

/** Where measurements of what is played go. */
export interface Measurements {
  /**
   * The queue of those grants that were asked for with these headers: a grant belongs to its viewer, who may be another a click later. Other
   * headers stop the queue of those before: what it holds, and what its players still tell it, it sends at once.
   */
  queueOf(headers: Readonly<Record<string, string>>): MeasurementQueue;
  /** Sends what there is. */
  stop(): Promise<void>;
}

/** @param page where `pagehide`, `pageshow` and `visibilitychange` happen */
export function createMeasurements(graphqlPath: string, page: EventTarget = globalThis): Measurements {
  let current: { readonly key: string; readonly queue: MeasurementQueue } | undefined;

  async function stop(): Promise<void> {
    const last = current;
    current = undefined;
    await last?.queue.stop();
  }

  return {
    queueOf(headers) {
      const key = JSON.stringify(headers);
      if (current?.key === key) return current.queue;
      void stop();
      const send = createGraphSender({ url: graphqlPath, headers: () => headers, player: 'explorer/0.1' });
      // Who looks at numbers of plays wants to see their own soon.
      const queue = createMeasurementQueue({ send, sendAfterMs: 500, page });
      current = { key, queue };
      return queue;
    },
    stop,
  };
}
