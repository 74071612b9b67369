import type { Metrics } from '@medley/service';

/** The connections that stay, of one process. */
export interface OpenConnections {
  /**
   * One that comes while they are being closed is closed at once.
   * @param transport for the metrics
   * @param drain tells the client to come back, and closes the connection
   * @returns call it when the connection is closed
   */
  add(transport: string, drain: () => void): () => void;
  /** Closes them all. Resolves when they are closed, or have not been for `patienceMs`. */
  drain(patienceMs: number): Promise<void>;
  /** Whether new ones are too late. */
  readonly isDraining: boolean;
}

export function createOpenConnections(metrics: Metrics): OpenConnections {
  const open = new Set<() => void>();
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
    add(transport, drain) {
      // One function may be given twice.
      const entry = () => drain();
      open.add(entry);
      count.inc({ transport });
      if (isDraining) drain();
      return () => {
        if (!open.delete(entry)) return;
        count.dec({ transport });
        if (open.size === 0) onEmpty();
      };
    },
    async drain(patienceMs) {
      isDraining = true;
      for (const drain of open) drain();
      if (open.size === 0) return;
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, patienceMs);
        onEmpty = () => {
          clearTimeout(timer);
          resolve();
        };
      });
    },
  };
}
