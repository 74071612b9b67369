/** Runs it when it is its turn. */
export type TakeTurn = (run: () => Promise<void>) => Promise<void>;

/** Lets so many run at the same time, the others wait in the order in which they came. */
export function createTurns(atOnce: number): TakeTurn {
  let free = atOnce;
  const waiting: (() => void)[] = [];
  return async (run) => {
    if (free > 0) free -= 1;
    else await new Promise<void>((resolve) => waiting.push(resolve));
    try {
      await run();
    } finally {
      // Whoever waits gets the place.
      const next = waiting.shift();
      if (next) next();
      else free += 1;
    }
  };
}
