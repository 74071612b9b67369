import type { Metrics } from '@medley/service';
import type { StreamTransport } from '../subscription-handler.ts';

/** The connections that stay, of one process. */
export interface OpenConnections {
  /**
   * One that comes while they are being closed is closed at once.
   * @param close tells the client to come back, and closes the connection behind what waits for it
   * @param terminate ends the connection at once
   * @returns removes it; call it when the connection is closed
   */
  add(transport: StreamTransport, close: () => void, terminate: () => void): () => void;
  /** Closes them all. Those that are not closed within `graceMs` are terminated. */
  drain(graceMs: number): Promise<void>;
  /** Whether new ones are too late. */
  readonly isDraining: boolean;
}

export function createOpenConnections(metrics: Metrics): OpenConnections {
  const open = new Set<{ readonly close: () => void; readonly terminate: () => void }>();
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
    add(transport, close, terminate) {
      const entry = { close, terminate };
      open.add(entry);
      count.inc({ transport });
      if (isDraining) close();
      return () => {
        if (!open.delete(entry)) return;
        count.dec({ transport });
        if (open.size === 0) onEmpty();
      };
    },
    async drain(graceMs) {
      isDraining = true;
      for (const { close } of [...open]) close();
      if (open.size === 0) return;
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, graceMs);
        onEmpty = () => {
          clearTimeout(timer);
          resolve();
        };
      });
      // Who takes nothing does not go by himself: what is written to him stays.
      for (const { terminate } of [...open]) terminate();
    },
  };
}
