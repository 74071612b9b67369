import pTimeout from 'p-timeout';

/**
 * The same, or a failure where it takes too long. What is late goes on unseen; whoever can be told to stop is told by other means.
 * @param ms how long it may take, in milliseconds, more than 0
 * @param late makes the error that is thrown then
 */
export function inTime<Result>(work: PromiseLike<Result>, ms: number, late: () => Error): Promise<Result> {
  return pTimeout(work, {
    milliseconds: ms,
    fallback() {
      throw late();
    },
  });
}
