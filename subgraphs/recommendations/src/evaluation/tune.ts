import {
  type ChosenParameters,
  chosenMethod,
  countUsers,
  createFactorScorer,
  createNeighbourScorer,
  type Interactions,
  rowOf,
  type Scorer,
  type Steps,
  standardise,
  topUnplayed,
  trainAls,
  trainRp3beta,
} from '../models/index.ts';
import { listLength, measure } from './measure.ts';
import { collectMetrics } from './metrics.ts';
import { type Split, splitInteractions } from './split.ts';

/** What is tried. It is short: what is far from the best does little harm, and every try costs a training. */
export const grid = {
  betas: [0.2, 0.3],
  alphas: [1, 10],
  factorWeights: [0.6, 0.75, 0.9],
} as const;

/**
 * Chooses the parameters of the chosen method by recall at 10 on a split of its own within the training part, which alone it is given:
 * what was held out for the evaluation is never seen. First beta and the factors, each for itself, then their weight.
 */
export function* tuneChosen(training: Interactions, seed: number): Steps<ChosenParameters> {
  const inner = splitInteractions(training, seed ^ innerSeed);
  const { neighbours, factors } = chosenMethod.parameters;

  let byNeighbours: Tried<number> | undefined;
  for (const beta of grid.betas) {
    const lists = yield* trainRp3beta(inner.training, { ...neighbours, beta });
    byNeighbours = yield* keepBetter(byNeighbours, beta, createNeighbourScorer(lists), inner);
  }
  let byFactors: Tried<number> | undefined;
  for (const alpha of grid.alphas) {
    const model = yield* trainAls(inner.training, { ...factors, alpha });
    byFactors = yield* keepBetter(byFactors, alpha, createFactorScorer(model), inner);
  }
  if (!byNeighbours || !byFactors) return chosenMethod.parameters;
  return {
    neighbours: { ...neighbours, beta: byNeighbours.value },
    factors: { ...factors, alpha: byFactors.value },
    factorWeight: yield* tuneWeight(byNeighbours.scorer, byFactors.scorer, inner),
  };
}

/** Scores once for all weights. */
function* tuneWeight(neighbours: Scorer, factors: Scorer, { training, heldOut }: Split): Steps<number> {
  const { userCount, itemCount } = training;
  const users = countUsers(training);
  const collectors = grid.factorWeights.map(() => collectMetrics(listLength, users, userCount));
  const [byNeighbours, byFactors, both] = [0, 0, 0].map(() => new Float64Array(itemCount)) as [
    Float64Array,
    Float64Array,
    Float64Array,
  ];
  for (let user = 0; user < userCount; user += 1) {
    const wanted = heldOut[user] as Uint32Array;
    if (wanted.length === 0) continue;
    const row = rowOf(training, user);
    neighbours.score(row, byNeighbours);
    standardise(byNeighbours, row);
    factors.score(row, byFactors);
    standardise(byFactors, row);
    grid.factorWeights.forEach((weight, at) => {
      for (let item = 0; item < itemCount; item += 1) {
        both[item] = (1 - weight) * (byNeighbours[item] as number) + weight * (byFactors[item] as number);
      }
      collectors[at]?.add(topUnplayed(both, row, listLength).items, wanted);
    });
    yield { stage: 'users', done: user, total: userCount };
  }
  const recalls = collectors.map(({ metrics }) => metrics.recall);
  return grid.factorWeights[recalls.indexOf(Math.max(...recalls))] ?? chosenMethod.parameters.factorWeight;
}

interface Tried<Value> {
  readonly value: Value;
  readonly scorer: Scorer;
  readonly recall: number;
}

function* keepBetter<Value>(
  best: Tried<Value> | undefined,
  value: Value,
  scorer: Scorer,
  split: Split,
): Steps<Tried<Value>> {
  const { recall } = yield* measure(scorer, split);
  return best && best.recall >= recall ? best : { value, scorer, recall };
}

// Another split than the outer one, whatever its seed.
const innerSeed = 0x5f37_59df;
