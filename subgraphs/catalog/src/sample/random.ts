/** Pseudo-random choices that are the same on every machine and in every run. */
export interface Random {
  /** 0 up to, not including, 1. */
  next(): number;
  /** A whole number, both ends included. */
  integer(from: number, to: number): number;
  chance(probability: number): boolean;
  pick<Item>(items: readonly Item[]): Item;
  /** @param weights one per item, not all 0 */
  pickWeighted<Item>(items: readonly Item[], weight: (item: Item) => number): Item;
  /** A few of them, each at most once, in no order. */
  sample<Item>(items: readonly Item[], count: number): Item[];
}

/** @param seed any text; another one gives other choices */
export function createRandom(seed: string): Random {
  let state = hash(seed);
  // Mulberry32 by Tommy Ettinger, in the public domain: 32 bits of state are plenty for some thousand choices.
  const next = () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
  const integer = (from: number, to: number) => from + Math.floor(next() * (to - from + 1));
  const random: Random = {
    next,
    integer,
    chance: (probability) => next() < probability,
    pick: (items) => {
      if (items.length === 0) throw new RangeError('nothing to pick from');
      return items[integer(0, items.length - 1)] as (typeof items)[number];
    },
    pickWeighted: (items, weight) => {
      let rest = next() * items.reduce((sum, item) => sum + weight(item), 0);
      const found = items.find((item) => {
        rest -= weight(item);
        return rest < 0;
      });
      return found ?? random.pick(items);
    },
    sample: (items, count) => {
      const left = [...items];
      return Array.from(
        { length: Math.min(count, items.length) },
        () => left.splice(integer(0, left.length - 1), 1)[0] as (typeof items)[number],
      );
    },
  };
  return random;
}

// FNV-1a.
function hash(text: string): number {
  let value = 0x811c9dc5;
  for (let at = 0; at < text.length; at += 1) value = Math.imul(value ^ text.charCodeAt(at), 0x01000193);
  return value;
}
