/** Collects how to close what was opened, and closes it in the reverse order. */
export interface Teardown {
  /** What is added after the teardown ran is closed at once: somebody opened it while others already gave up. */
  add(close: () => Promise<unknown>): void;
  /** Closes everything, also when something cannot be closed. Safe to call twice. */
  run(): Promise<void>;
}

export function createTeardown(): Teardown {
  const closers: (() => Promise<unknown>)[] = [];
  let running: Promise<void> | undefined;
  const closeAll = async () => {
    const errors: unknown[] = [];
    for (let close = closers.pop(); close; close = closers.pop()) {
      await close().catch((error: unknown) => errors.push(error));
    }
    if (errors.length > 0) throw new AggregateError(errors, 'not everything closed in order');
  };
  return {
    add(close) {
      if (running) void close().catch(() => {});
      else closers.push(close);
    },
    run() {
      running ??= closeAll();
      return running;
    },
  };
}
