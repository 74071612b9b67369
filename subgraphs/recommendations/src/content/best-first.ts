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
  // What sinks is held in hand, and what is better moves up.
  const sink = (from: number, length: number, item: number, score: number) => {
    let at = from;
    for (let child = 2 * at + 1; child < length; child = 2 * at + 1) {
      let best = scores[child] as number;
      const right = child + 1;
      if (right < length) {
        const other = scores[right] as number;
        if (other > best || (other === best && (items[right] as number) < (items[child] as number))) {
          best = other;
          child = right;
        }
      }
      if (best < score || (best === score && (items[child] as number) > item)) break;
      items[at] = items[child] as number;
      scores[at] = best;
      at = child;
    }
    items[at] = item;
    scores[at] = score;
  };
  const sinkAt = (at: number, from: number, length: number) =>
    sink(at, length, items[from] as number, scores[from] as number);
  for (let at = (items.length >> 1) - 1; at >= 0; at -= 1) sinkAt(at, at, items.length);
  for (let left = items.length; left > 0; left -= 1) {
    yield { item: items[0] as number, score: scores[0] as number };
    sinkAt(0, left - 1, left - 1);
  }
}
