/** Lets some of many do their work at once; the others wait for their turn, in the order in which they came. */
export interface FewAtOnce {
  /** @throws TooManyWaitingError when too many are waiting already */
  run<Result>(work: () => Promise<Result>): Promise<Result>;
}

/** Nobody can say when it would be their turn. */
export class TooManyWaitingError extends Error {
  constructor(mostWaiting: number) {
    super(`${mostWaiting} are waiting already`);
    this.name = 'TooManyWaitingError';
  }
}

export function createFewAtOnce({
  most,
  mostWaiting,
}: {
  readonly most: number;
  readonly mostWaiting: number;
}): FewAtOnce {
  const waiting: (() => void)[] = [];
  let working = 0;
  return {
    async run(work) {
      if (working < most) working += 1;
      else if (waiting.length >= mostWaiting) throw new TooManyWaitingError(mostWaiting);
      // Whoever is done hands its place on.
      else await new Promise<void>((resolve) => waiting.push(resolve));
      try {
        return await work();
      } finally {
        const next = waiting.shift();
        if (next) next();
        else working -= 1;
      }
    },
  };
}
