import type { Logger } from '@medley/service';

/** Work that goes on after the answer. What fails is logged. */
export function createBackground(logger: Logger) {
  const running = new Set<Promise<void>>();
  return {
    start(work: () => Promise<void>): void {
      const promise = work()
        .catch((error: unknown) => logger.error({ err: error }, 'work after an answer failed'))
        .finally(() => running.delete(promise));
      running.add(promise);
    },
    async settled(): Promise<void> {
      await Promise.all(running);
    },
  };
}
