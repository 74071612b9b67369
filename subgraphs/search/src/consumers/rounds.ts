/**
 * Runs something again and again until it is stopped.
 * @param round never fails; returns how long to wait for the next one, in milliseconds
 * @returns how to stop: resolves when the last round has ended
 */
export function startRounds(round: (stopping: AbortSignal) => Promise<number>): () => Promise<void> {
  const stopping = new AbortController();
  const running = (async () => {
    while (!stopping.signal.aborted) await pause(await round(stopping.signal), stopping.signal);
  })();
  return () => {
    stopping.abort();
    return running;
  };
}

/** How long to wait after this many failures in a row: twice as long after each, up to a bound. In milliseconds. */
export function retryAfterMs(failures: number, { firstMs, mostMs }: { firstMs: number; mostMs: number }) {
  return Math.min(mostMs, firstMs * 2 ** Math.min(failures - 1, 30));
}

function pause(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) return resolve();
    const end = () => {
      clearTimeout(timer);
      signal.removeEventListener('abort', end);
      resolve();
    };
    const timer = setTimeout(end, ms);
    signal.addEventListener('abort', end);
  });
}
