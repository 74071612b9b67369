import type { Around } from './vector-index.ts';

export interface Nearest {
  readonly item: number;
  /** At most 1. */
  readonly score: number;
}

/**
 * The best first, of equal ones that with the lower number, for who does not know beforehand how many it takes: by a heap, so that only
 * what is taken is sorted.
 * @param around is put into another order
 */
export function* bestFirst({ items, scores }: Around): Generator<Nearest, void, undefined> {
  const isBetter = (one: number, other: number) => {
    const difference = (scores[one] as number) - (scores[other] as number);
    return difference > 0 || (difference === 0 && (items[one] as number) < (items[other] as number));
  };
  const swap = (one: number, other: number) => {
    const [item, score] = [items[one] as number, scores[one] as number];
    items[one] = items[other] as number;
    scores[one] = scores[other] as number;
    items[other] = item;
    scores[other] = score;
  };
  const sink = (from: number, length: number) => {
    for (let at = from; ; ) {
      let best = at;
      for (const child of [2 * at + 1, 2 * at + 2]) if (child < length && isBetter(child, best)) best = child;
      if (best === at) return;
      swap(at, best);
      at = best;
    }
  };
  for (let at = (items.length >> 1) - 1; at >= 0; at -= 1) sink(at, items.length);
  for (let left = items.length; left > 0; left -= 1) {
    yield { item: items[0] as number, score: scores[0] as number };
    swap(0, left - 1);
    sink(0, left - 1);
  }
}
