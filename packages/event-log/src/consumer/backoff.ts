/** How long to wait before the same again. */
export interface Backoff {
  /** After the first failure, in milliseconds. */
  readonly firstMs: number;
  /** At most, in milliseconds. */
  readonly maxMs: number;
}

/**
 * Twice as long after each failure, up to `maxMs`; half of it by chance, so that many that failed together do not come again together.
 * @param failures how many there were, from 1
 * @param random 0 to 1
 */
export function backoffMs({ firstMs, maxMs }: Backoff, failures: number, random = Math.random()): number {
  const fullMs = Math.min(maxMs, firstMs * 2 ** Math.min(failures - 1, 30));
  return fullMs * (0.5 + random / 2);
}

/** The consumer stops, or lost the partition: the rest of what it held is for the next one. */
export class HandlingStopped extends Error {
  constructor() {
    super('stopped before it was done: the same records will come again');
    this.name = 'HandlingStopped';
  }
}

/** @throws HandlingStopped as soon as the signal is aborted */
export function pause(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    if (signal.aborted) return reject(new HandlingStopped());
    const stop = () => {
      clearTimeout(timer);
      reject(new HandlingStopped());
    };
    const timer = setTimeout(() => {
      signal.removeEventListener('abort', stop);
      resolve();
    }, ms);
    signal.addEventListener('abort', stop, { once: true });
  });
}
