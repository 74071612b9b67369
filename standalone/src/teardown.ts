/** Collects how to close what was opened, and closes it in the reverse order. */
export function createTeardown(): { add(close: () => Promise<unknown>): void; run(): Promise<void> } {
  const closers: (() => Promise<unknown>)[] = [];
  let running: Promise<void> | undefined;
  const closeAll = async () => {
    const errors: unknown[] = [];
    for (let close = closers.pop(); close; close = closers.pop()) {
      // What is left must be closed all the same.
      await close().catch((error: unknown) => errors.push(error));
    }
    if (errors.length > 0) throw new AggregateError(errors, 'not everything closed in order');
  };
  return {
    add: (close) => void closers.push(close),
    run: () => {
      running ??= closeAll();
      return running;
    },
  };
}
