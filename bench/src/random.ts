export interface Random {
  /** From 0 to less than 1. */
  next(): number;
  /** A whole number from 0 to less than the bound. */
  below(bound: number): number;
  pick<Item>(items: readonly Item[]): Item;
}

/** Mulberry32, a small generator of good numbers: always the same ones for the same seed. */
export function createRandom(seed: number): Random {
  let state = seed;
  const next = () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
  const below = (bound: number) => Math.floor(next() * bound);
  return { next, below, pick: (items) => items[below(items.length)] as (typeof items)[number] };
}
