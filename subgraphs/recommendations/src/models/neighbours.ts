import { capRows, type Interactions, transpose } from './interactions.ts';
import type { NeighbourLists } from './neighbour-lists.ts';
import type { Steps } from './steps.ts';
import { TopSelector } from './top-selector.ts';

/** What is known of every item, whatever the similarity. */
export interface NeighbourParameters {
  /** The length of a list at most. */
  readonly neighbours: number;
  /** Only so many items of a user count, the most played (`capRows`). */
  readonly maxItemsPerUser: number;
}

/** Which items to make lists for, `from` to before `to`: so a training can be cut into parts that are saved. */
export interface ItemRange {
  readonly from: number;
  readonly to: number;
}

/**
 * Two weighings of the same matrix, of which the similarities are the product: that of i and j is the sum, over the users of both,
 * of `ofUsers` at (i, user) times `ofItems` at (user, j), times `scale` at j.
 */
export interface Weighing {
  /** In the order of the transposed matrix. */
  readonly ofUsers: Float32Array;
  /** In the order of the matrix. */
  readonly ofItems: Float32Array;
  readonly scale: Float64Array;
}

/** What is ready before the first list: build it once, make lists of ranges with it. */
export interface NeighbourSource {
  readonly byUser: Interactions;
  readonly byItem: Interactions;
  readonly weighing: Weighing;
  readonly neighbours: number;
}

// So many additions take two or three milliseconds.
const additionsAStep = 1 << 20;

/** Memory: 24 bytes an entry beside the interactions, 8 an item. */
export function prepareNeighbours(
  interactions: Interactions,
  parameters: NeighbourParameters,
  weigh: (byUser: Interactions, byItem: Interactions) => Weighing,
): NeighbourSource {
  const byUser = capRows(interactions, parameters.maxItemsPerUser);
  const byItem = transpose(byUser);
  return { byUser, byItem, weighing: weigh(byUser, byItem), neighbours: parameters.neighbours };
}

/** The lists of a range of items. Memory beside them: 13 bytes an item. */
export function* makeNeighbourLists(source: NeighbourSource, range?: ItemRange): Steps<NeighbourLists> {
  const { byUser, byItem, weighing, neighbours } = source;
  const { ofUsers, ofItems, scale } = weighing;
  const { from, to } = range ?? { from: 0, to: byUser.itemCount };
  const sums = new Float64Array(byUser.itemCount);
  const isTouched = new Uint8Array(byUser.itemCount);
  const touched = new Uint32Array(byUser.itemCount);
  const best = new TopSelector(neighbours);
  const starts = new Uint32Array(to - from + 1);
  let items = new Uint32Array(Math.max(1024, to - from));
  let similarities = new Float32Array(items.length);

  let [filled, additions] = [0, 0];
  for (let item = from; item < to; item += 1) {
    let touchedCount = 0;
    const lastUser = byItem.starts[item + 1] as number;
    for (let at = byItem.starts[item] as number; at < lastUser; at += 1) {
      const user = byItem.items[at] as number;
      const weight = ofUsers[at] as number;
      const [first, end] = [byUser.starts[user] as number, byUser.starts[user + 1] as number];
      for (let place = first; place < end; place += 1) {
        const other = byUser.items[place] as number;
        if (isTouched[other] === 0) {
          isTouched[other] = 1;
          touched[touchedCount] = other;
          touchedCount += 1;
        }
        (sums[other] as number) += weight * (ofItems[place] as number);
      }
      additions += end - first;
      if (additions >= additionsAStep) {
        additions = 0;
        yield { stage: 'neighbours', done: item - from, total: to - from };
      }
    }
    for (let at = 0; at < touchedCount; at += 1) {
      const other = touched[at] as number;
      // Ranked by what is kept of it, so that the order in which a sum was made decides nothing: Spark has another one.
      if (other !== item) best.offer(other, Math.fround((sums[other] as number) * (scale[other] as number)));
      sums[other] = 0;
      isTouched[other] = 0;
    }
    additions += touchedCount;
    if (filled + best.length > items.length) {
      items = grow(items, new Uint32Array(items.length * 2));
      similarities = grow(similarities, new Float32Array(items.length));
    }
    filled += best.drain(items, similarities, filled);
    starts[item - from + 1] = filled;
  }
  return {
    firstItem: from,
    starts,
    items: items.slice(0, filled),
    similarities: similarities.slice(0, filled),
  };
}

function grow<Values extends Uint32Array | Float32Array>(from: Values, to: Values): Values {
  to.set(from);
  return to;
}
