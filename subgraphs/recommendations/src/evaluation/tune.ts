import {
  type ChosenParameters,
  chosenMethod,
  createFactorScorer,
  createMixtureScorer,
  createNeighbourScorer,
  type Interactions,
  type Scorer,
  type Steps,
  trainAls,
  trainRp3beta,
} from '../models/index.ts';
import { measure } from './measure.ts';
import { splitInteractions } from './split.ts';

/** What is tried. It is short: what is far from the best does little harm, and every try costs a training. */
export const grid = {
  betas: [0.2, 0.3, 0.4],
  factors: [
    { alpha: 0.5, regularisation: 0.2 },
    { alpha: 2, regularisation: 0.3 },
    { alpha: 10, regularisation: 0.1 },
    { alpha: 30, regularisation: 0.1 },
  ],
  factorWeights: [0.5, 0.7, 0.85],
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
  let byFactors: Tried<(typeof grid.factors)[number]> | undefined;
  for (const tried of grid.factors) {
    const model = yield* trainAls(inner.training, { ...factors, ...tried });
    byFactors = yield* keepBetter(byFactors, tried, createFactorScorer(model), inner);
  }
  if (!byNeighbours || !byFactors) return chosenMethod.parameters;
  let byBoth: Tried<number> | undefined;
  for (const factorWeight of grid.factorWeights) {
    const mixture = createMixtureScorer([
      { scorer: byNeighbours.scorer, weight: 1 - factorWeight },
      { scorer: byFactors.scorer, weight: factorWeight },
    ]);
    byBoth = yield* keepBetter(byBoth, factorWeight, mixture, inner);
  }
  return {
    neighbours: { ...neighbours, beta: byNeighbours.value },
    factors: { ...factors, ...byFactors.value },
    factorWeight: byBoth?.value ?? chosenMethod.parameters.factorWeight,
  };
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
  split: ReturnType<typeof splitInteractions>,
): Steps<Tried<Value>> {
  const { recall } = yield* measure(scorer, split);
  return best && best.recall >= recall ? best : { value, scorer, recall };
}

// Another split than the outer one, whatever its seed.
const innerSeed = 0x5f37_59df;
