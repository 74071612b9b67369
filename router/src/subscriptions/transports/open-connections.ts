import type { Metrics } from '@medley/service';

/** The connections that stay, of one process. */
export interface OpenConnections {
  /**
   * One that comes while they are being closed is closed at once.
   * @param transport for the metrics
   * @param sendAway tells the client to come back, and closes the connection behind what waits for it
   * @param cut ends the connection at once
   * @returns call it when the connection is closed
   */
  add(transport: string, sendAway: () => void, cut: () => void): () => void;
  /** Closes them all. Those that are not closed within `patienceMs` are cut. */
  drain(patienceMs: number): Promise<void>;
  /** Whether new ones are too late. */
  readonly isDraining: boolean;
}

export function createOpenConnections(metrics: Metrics): OpenConnections {
  const open = new Set<{ readonly sendAway: () => void; readonly cut: () => void }>();
  const count = metrics.gauge(
    'medley_router_live_connections',
    'Connections of clients that stay open, by transport: they carry streams, or wait for some.',
    ['transport'],
  );
  let isDraining = false;
  let onEmpty = () => {};

  return {
    get isDraining() {
      return isDraining;
    },
    add(transport, sendAway, cut) {
      const entry = { sendAway, cut };
      open.add(entry);
      count.inc({ transport });
      if (isDraining) sendAway();
      return () => {
        if (!open.delete(entry)) return;
        count.dec({ transport });
        if (open.size === 0) onEmpty();
      };
    },
    async drain(patienceMs) {
      isDraining = true;
      for (const { sendAway } of [...open]) sendAway();
      if (open.size === 0) return;
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, patienceMs);
        onEmpty = () => {
          clearTimeout(timer);
          resolve();
        };
      });
      // Who takes nothing does not go by himself: what is written to him stays.
      for (const { cut } of [...open]) cut();
    },
  };
}
