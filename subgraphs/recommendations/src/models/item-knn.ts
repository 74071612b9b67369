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

export type ItemKnnParameters = NeighbourParameters;

/**
 * Neighbours by cosine (Sarwar et al., Item-based collaborative filtering, 2001) of the logarithms of counts, `ln(1 + count)`.
 * As SQL: a self-join of (user, item, weight) by user, `sum(a.weight * b.weight) / (a.norm * b.norm)`.
 */
export function prepareItemKnn(interactions: Interactions, parameters: ItemKnnParameters): NeighbourSource {
  return prepareNeighbours(interactions, parameters, (byUser, byItem) => {
    const scale = new Float64Array(byItem.userCount);
    for (let item = 0; item < byItem.userCount; item += 1) {
      let squares = 0;
      for (let at = byItem.starts[item] as number; at < (byItem.starts[item + 1] as number); at += 1) {
        squares += Math.log1p(byItem.counts[at] as number) ** 2;
      }
      scale[item] = squares > 0 ? 1 / Math.sqrt(squares) : 0;
    }
    const ofUsers = new Float32Array(byItem.counts.length);
    for (let item = 0; item < byItem.userCount; item += 1) {
      for (let at = byItem.starts[item] as number; at < (byItem.starts[item + 1] as number); at += 1) {
        ofUsers[at] = Math.log1p(byItem.counts[at] as number) * (scale[item] as number);
      }
    }
    return { ofUsers, ofItems: byUser.counts.map(Math.log1p), scale };
  });
}

/** All lists, or those of a range. Similarities are from 0 to 1. */
export function* trainItemKnn(
  interactions: Interactions,
  parameters: ItemKnnParameters,
  range?: ItemRange,
): Steps<NeighbourLists> {
  return yield* makeNeighbourLists(prepareItemKnn(interactions, parameters), range);
}
