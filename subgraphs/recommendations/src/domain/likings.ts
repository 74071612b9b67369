import type { Liking } from './taste-profile.ts';

/** Weights of one kind of thing, while plays are added. */
export interface Likings {
  add(id: string, amount: number): void;
  /** @param share 0 to 1: what is left of each weight */
  decay(share: number): void;
  /** Each with the greatest weights, of either sign, first; at most `most` and half as many again. */
  list(): readonly Liking[];
}

/** A weight below this says nothing any more, as a single play after seven half-lives. */
const leastWeight = 0.01;

/**
 * Holds the greatest weights. What is new has a place beside them until there are half as many again as are to stay: else nothing new
 * could ever grow where everything old is strong.
 * @param most how many stay
 */
export function createLikings(given: readonly Liking[], most: number): Likings {
  const weights = new Map(given.map(({ id, weight }) => [id, weight]));
  const room = Math.floor(1.5 * most);
  const list = () => [...weights].map(([id, weight]): Liking => ({ id, weight })).sort(byWeight);
  return {
    add(id, amount) {
      weights.set(id, (weights.get(id) ?? 0) + amount);
      if (weights.size <= room) return;
      for (const { id: least } of list().slice(most)) weights.delete(least);
    },
    decay(share) {
      if (share === 1) return;
      for (const [id, weight] of weights) {
        const left = weight * share;
        if (Math.abs(left) < leastWeight) weights.delete(id);
        else weights.set(id, left);
      }
    },
    list,
  };
}

// By id where weights are equal, so that the same plays always leave the same.
const byWeight = (one: Liking, other: Liking) =>
  Math.abs(other.weight) - Math.abs(one.weight) || (one.id < other.id ? -1 : 1);
