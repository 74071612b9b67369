import { createInteractionsBuilder, createRandom, type Interactions, rowOf } from '../models/index.ts';

/** Interactions in two: what may be learned from, and what is to be found. */
export interface Split {
  readonly training: Interactions;
  /** For each user the items that were held out, in ascending order; none of them is in their row of `training`. */
  readonly heldOut: readonly Uint32Array[];
}

/**
 * Holds out a share of each user's items at random, rounded to a whole number: of two items none, of three one, with a share of 0.2.
 *
 * Items are numbered anew, at random. Their numbers go by the order of the file, which stands by users: with them, ties between equal
 * scores would be broken in favour of what stands beside the user's own rows, which is what was held out. (On the shared playlists
 * that alone lifted item-kNN's recall from 0.195 to 0.230.)
 */
export function splitInteractions(interactions: Interactions, seed: number, share = 0.2): Split {
  const random = createRandom(seed);
  const { userCount, itemCount } = interactions;
  const numbers = shuffle(
    Uint32Array.from({ length: itemCount }, (_, item) => item),
    random,
  );
  const builder = createInteractionsBuilder();
  const heldOut: Uint32Array[] = [];
  for (let user = 0; user < userCount; user += 1) {
    const { items, counts } = rowOf(interactions, user);
    const order = shuffle(Uint32Array.from(items.keys()), random);
    const held = Math.round(items.length * share);
    heldOut.push(
      order
        .slice(0, held)
        .map((at) => numbers[items[at] as number] as number)
        .sort(),
    );
    for (const at of order.subarray(held)) {
      builder.add(user, numbers[items[at] as number] as number, counts[at] as number);
    }
  }
  return { training: builder.build({ userCount, itemCount }), heldOut };
}

/** By Fisher and Yates, in place. */
function shuffle(values: Uint32Array, random: () => number): Uint32Array {
  for (let at = values.length - 1; at > 0; at -= 1) {
    const other = Math.floor(random() * (at + 1));
    [values[at], values[other]] = [values[other] as number, values[at] as number];
  }
  return values;
}
