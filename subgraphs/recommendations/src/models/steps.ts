/** How far a computation is. */
export interface Progress {
  /** What is being computed, in words. */
  readonly stage: string;
  readonly done: number;
  /** At least 1, and `done` is never more. */
  readonly total: number;
}

/**
 * A computation in steps of a few milliseconds each. Whoever runs it may stop between any two, or save what is done.
 * Nothing happens before the first `next()`.
 */
export type Steps<Result> = Generator<Progress, Result, void>;

export interface RunOptions {
  readonly signal?: AbortSignal;
  /** Called once a slice, not once a step. */
  readonly onProgress?: (progress: Progress) => void;
  /** After so many milliseconds, other work of the thread gets its turn. Default 25. */
  readonly sliceMs?: number;
}

/**
 * Runs a computation beside the other work of the thread.
 * @throws the signal's reason when it is aborted
 */
export async function runSteps<Result>(
  steps: Steps<Result>,
  { signal, onProgress, sliceMs = 25 }: RunOptions = {},
): Promise<Result> {
  for (;;) {
    signal?.throwIfAborted();
    const sliceEnd = performance.now() + sliceMs;
    let step = steps.next();
    while (!step.done && performance.now() < sliceEnd) step = steps.next();
    if (step.done) return step.value;
    onProgress?.(step.value);
    await new Promise<void>((resolve) => setImmediate(resolve));
  }
}

/** Runs a computation to its end, and nothing else meanwhile. */
export function runAtOnce<Result>(steps: Steps<Result>): Result {
  for (;;) {
    const step = steps.next();
    if (step.done) return step.value;
  }
}
