import { type AlsModel, type AlsParameters, cosineOfFactors, trainAls } from './als.ts';
import type { Interactions } from './interactions.ts';
import { listOf, type NeighbourLists } from './neighbour-lists.ts';
import { type Rp3betaParameters, trainRp3beta } from './rp3beta.ts';
import { createFactorScorer, createMixtureScorer, createNeighbourScorer, type Scorer } from './scorers.ts';
import type { Steps } from './steps.ts';
import { type RankedItems, TopSelector } from './top-selector.ts';

export interface ChosenParameters {
  readonly neighbours: Rp3betaParameters;
  readonly factors: AlsParameters;
  /** The weight of the factors, 0 to 1; that of the neighbours is what is left. */
  readonly factorWeight: number;
}

/** What a training of the chosen method makes, whichever engine ran it. */
export interface ChosenModel {
  readonly neighbours: NeighbourLists;
  readonly factors: AlsModel;
  readonly factorWeight: number;
}

/** The method that was chosen by measurement (docs/adr/0027-recommender-method.md): neighbours by RP3beta and factors by implicit ALS, mixed. */
export const chosenMethod: { readonly name: string; readonly parameters: ChosenParameters } = {
  name: 'RP3beta + iALS',
  parameters: {
    neighbours: { neighbours: 200, maxItemsPerUser: 2_000, beta: 0.2 },
    factors: { rank: 64, alpha: 1, regularisation: 0.3, iterations: 8, seed: 1 },
    factorWeight: 0.75,
  },
};

/** Both parts, one after the other. A training that is saved on its way calls them itself (`makeNeighbourLists`, `iterateAls`). */
export function* trainChosen(
  interactions: Interactions,
  parameters: ChosenParameters = chosenMethod.parameters,
): Steps<ChosenModel> {
  const neighbours = yield* trainRp3beta(interactions, parameters.neighbours);
  const factors = yield* trainAls(interactions, parameters.factors);
  return { neighbours, factors, factorWeight: parameters.factorWeight };
}

/** Scores items for users: both parts standardised per user, and added by their weights. */
export function createChosenScorer({ neighbours, factors, factorWeight }: ChosenModel): Scorer {
  return createMixtureScorer([
    { scorer: createNeighbourScorer(neighbours), weight: 1 - factorWeight },
    { scorer: createFactorScorer(factors), weight: factorWeight },
  ]);
}

/**
 * What belongs to an item, by both parts: those of its list, ordered anew by the weighted sum of the similarity, as a share of the largest
 * of the list, and of the cosine of the factors, where that is above 0. Scores are above 0, and 1 for the first. Empty where nobody
 * played it together with anything.
 */
export function neighboursOf(
  { neighbours, factors, factorWeight }: ChosenModel,
  item: number,
  limit: number,
): RankedItems {
  const { items, similarities } = listOf(neighbours, item);
  const largest = similarities[0] ?? 1;
  const best = new TopSelector(limit);
  for (let at = 0; at < items.length; at += 1) {
    const other = items[at] as number;
    const byList = (similarities[at] as number) / largest;
    const byFactors = Math.max(0, cosineOfFactors(factors, item, other));
    best.offer(other, (1 - factorWeight) * byList + factorWeight * byFactors);
  }
  const ranked = { items: new Uint32Array(best.length), scores: new Float32Array(best.length) };
  best.drain(ranked.items, ranked.scores, 0);
  const first = ranked.scores[0] ?? 1;
  return first > 0 ? { items: ranked.items, scores: ranked.scores.map((score) => score / first) } : ranked;
}
