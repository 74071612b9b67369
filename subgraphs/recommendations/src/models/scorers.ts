import { type AlsModel, createFoldIn } from './als.ts';
import type { UserRow } from './interactions.ts';
import type { NeighbourLists } from './neighbour-lists.ts';
import { type RankedItems, TopSelector } from './top-selector.ts';

/** Scores items for one user after the other. Not for two at once: it has memory of its own, a number or two an item. */
export interface Scorer {
  /**
   * Writes a score for each item, the higher the better; what the user played gets one too.
   * @param row may be empty, and may have items that the model does not know
   * @param into a place for each item; what was there is overwritten
   */
  score(row: UserRow, into: Float64Array): void;
}

/** The same for everybody: how many users played an item. */
export function createPopularityScorer(users: Uint32Array): Scorer {
  return { score: (_, into) => into.set(users) };
}

/** The sum, over what the user played, of `ln(1 + count)` times the similarity of an item to it. */
export function createNeighbourScorer({ firstItem, starts, items, similarities }: NeighbourLists): Scorer {
  return {
    score(row, into) {
      into.fill(0);
      for (let at = 0; at < row.items.length; at += 1) {
        const list = (row.items[at] as number) - firstItem;
        const weight = Math.log1p(row.counts[at] as number);
        const end = starts[list + 1] ?? 0;
        for (let place = starts[list] ?? 0; place < end; place += 1) {
          (into[items[place] as number] as number) += weight * (similarities[place] as number);
        }
      }
    },
  };
}

/** The product of an item's factor with the user's, which is made from what they played. */
export function createFactorScorer(model: AlsModel): Scorer {
  const { rank, itemFactors } = model;
  const foldIn = createFoldIn(model);
  const whole = rank - (rank % 4);
  return {
    score(row, into) {
      const user = foldIn(row);
      for (let item = 0, at = 0; item < into.length; item += 1, at += rank) {
        // Four sums side by side: one alone would wait for each addition.
        let [first, second, third, fourth] = [0, 0, 0, 0];
        for (let k = 0; k < whole; k += 4) {
          first += (user[k] as number) * (itemFactors[at + k] as number);
          second += (user[k + 1] as number) * (itemFactors[at + k + 1] as number);
          third += (user[k + 2] as number) * (itemFactors[at + k + 2] as number);
          fourth += (user[k + 3] as number) * (itemFactors[at + k + 3] as number);
        }
        for (let k = whole; k < rank; k += 1) first += (user[k] as number) * (itemFactors[at + k] as number);
        into[item] = first + second + (third + fourth);
      }
    },
  };
}

/** The weighted sum of several scores, each of them standardised first (`standardise`). */
export function createMixtureScorer(
  parts: readonly { readonly scorer: Scorer; readonly weight: number }[],
): Scorer {
  let scores = new Float64Array(0);
  return {
    score(row, into) {
      if (scores.length !== into.length) scores = new Float64Array(into.length);
      into.fill(0);
      for (const { scorer, weight } of parts) {
        scorer.score(row, scores);
        standardise(scores, row);
        for (let item = 0; item < into.length; item += 1) {
          (into[item] as number) += weight * (scores[item] as number);
        }
      }
    },
  };
}

/** The best items for a user that they have not played, the best first; of equal scores the smaller index first. */
export function scoreUser(
  scorer: Scorer,
  row: UserRow,
  { itemCount, limit }: { readonly itemCount: number; readonly limit: number },
): RankedItems {
  const scores = new Float64Array(itemCount);
  scorer.score(row, scores);
  return topUnplayed(scores, row, limit);
}

/** As `scoreUser`, of scores that are there already. They stay as they are. */
export function topUnplayed(scores: Float64Array, row: UserRow, limit: number): RankedItems {
  const best = new TopSelector(limit);
  let played = 0;
  for (let item = 0; item < scores.length; item += 1) {
    while (played < row.items.length && (row.items[played] as number) < item) played += 1;
    if (row.items[played] !== item) best.offer(item, scores[item] as number);
  }
  const ranked = { items: new Uint32Array(best.length), scores: new Float32Array(best.length) };
  best.drain(ranked.items, ranked.scores, 0);
  return ranked;
}

/**
 * Takes away the mean over the items that the user has not played, and divides by the standard deviation there; scores that are the same
 * for all these items become 0.
 */
export function standardise(scores: Float64Array, row: UserRow): void {
  const { mean, deviation } = momentsWithout(scores, row.items);
  const factor = deviation > 0 ? 1 / deviation : 0;
  for (let item = 0; item < scores.length; item += 1)
    scores[item] = factor * ((scores[item] as number) - mean);
}

function momentsWithout(scores: Float64Array, items: Uint32Array): { mean: number; deviation: number } {
  let [sum, count] = [0, scores.length];
  for (let item = 0; item < scores.length; item += 1) sum += scores[item] as number;
  for (const item of items) {
    if (item >= scores.length) continue;
    sum -= scores[item] as number;
    count -= 1;
  }
  if (count === 0) return { mean: 0, deviation: 0 };
  const mean = sum / count;
  let squares = 0;
  for (let item = 0; item < scores.length; item += 1) squares += ((scores[item] as number) - mean) ** 2;
  for (const item of items) if (item < scores.length) squares -= ((scores[item] as number) - mean) ** 2;
  return { mean, deviation: Math.sqrt(Math.max(0, squares) / count) };
}
