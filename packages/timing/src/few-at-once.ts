import pLimit from 'p-limit';

/** Does a piece of work when it is its turn. */
export type FewAtOnce = <Result>(work: () => Promise<Result>) => Promise<Result>;

export interface FewAtOnceOptions {
  /** How many are done at a time. */
  readonly most: number;
  /** How many may wait for their turn, in the order in which they came. */
  readonly mostWaiting: number;
  /** What is told to who comes then: nobody can say when it would be their turn. */
  readonly refusal: () => Error;
}

/** Lets some of many be done at once, so many more wait, and refuses the rest. */
export function createFewAtOnce({ most, mostWaiting, refusal }: FewAtOnceOptions): FewAtOnce {
  const limit = pLimit(most);
  return async (work) => {
    if (limit.activeCount >= most && limit.pendingCount >= mostWaiting) throw refusal();
    return limit(work);
  };
}
