import type { StreamLimiter } from './stream-limiter.ts';

/** Counts in this process: for one process, and for tests. */
export function createMemoryStreamLimiter(): StreamLimiter {
  const taken = new Map<string, number>();
  return {
    async take(holder, limit) {
      const before = taken.get(holder) ?? 0;
      if (before >= limit) return undefined;
      taken.set(holder, before + 1);
      let given = false;
      return () => {
        if (given) return;
        given = true;
        const left = (taken.get(holder) ?? 1) - 1;
        if (left > 0) taken.set(holder, left);
        else taken.delete(holder);
      };
    },
    async stop() {
      taken.clear();
    },
  };
}
