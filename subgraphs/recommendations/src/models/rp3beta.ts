import type { Interactions } from './interactions.ts';
import type { NeighbourLists } from './neighbour-lists.ts';
import {
  type ItemRange,
  makeNeighbourLists,
  type NeighbourParameters,
  type NeighbourSource,
  prepareNeighbours,
} from './neighbours.ts';
import type { Steps } from './steps.ts';

export interface Rp3betaParameters extends NeighbourParameters {
  /** How much what many play is held back: 0 not at all, 1 as much as it is played. */
  readonly beta: number;
}

/**
 * Neighbours by a random walk of two steps, from an item to one of its users and on to one of their items, divided by the number of
 * the item's users to the power of beta (Paudel, Christoffel, Newell, Bernstein: Updatable, accurate, diverse, and scalable
 * recommendations for interactive applications, 2017). The walk goes where `ln(1 + count)` is large.
 * As SQL: a self-join by user, `sum(a.weight / a.of_item * b.weight / b.of_user) / power(b.users, beta)`.
 */
export function prepareRp3beta(
  interactions: Interactions,
  { beta, ...parameters }: Rp3betaParameters,
): NeighbourSource {
  return prepareNeighbours(interactions, parameters, (byUser, byItem) => {
    const scale = new Float64Array(byItem.userCount);
    for (let item = 0; item < byItem.userCount; item += 1) {
      const users = (byItem.starts[item + 1] as number) - (byItem.starts[item] as number);
      scale[item] = users > 0 ? users ** -beta : 0;
    }
    return { ofUsers: sharesOfRows(byItem), ofItems: sharesOfRows(byUser), scale };
  });
}

/** All lists, or those of a range. Similarities are from 0 to 1. */
export function* trainRp3beta(
  interactions: Interactions,
  parameters: Rp3betaParameters,
  range?: ItemRange,
): Steps<NeighbourLists> {
  return yield* makeNeighbourLists(prepareRp3beta(interactions, parameters), range);
}

/** The probability of each entry, when one of its row is drawn by the logarithm of the count. */
function sharesOfRows({ userCount: rowCount, starts, counts }: Interactions): Float32Array {
  const shares = new Float32Array(counts.length);
  for (let row = 0; row < rowCount; row += 1) {
    const [from, to] = [starts[row] as number, starts[row + 1] as number];
    let sum = 0;
    for (let at = from; at < to; at += 1) sum += Math.log1p(counts[at] as number);
    for (let at = from; at < to; at += 1) shares[at] = Math.log1p(counts[at] as number) / sum;
  }
  return shares;
}
