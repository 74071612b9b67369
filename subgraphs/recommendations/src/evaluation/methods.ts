import {
  type AlsModel,
  type ChosenParameters,
  chosenMethod,
  countUsers,
  createChosenScorer,
  createFactorScorer,
  createNeighbourScorer,
  createPopularityScorer,
  createWalkScorer,
  type Interactions,
  maxUsersOfEase,
  type NeighbourLists,
  prepareItemKnn,
  type Scorer,
  type Steps,
  trainAls,
  trainEase,
  trainRp3beta,
  transpose,
} from '../models/index.ts';

/** What can be measured, by the name that `--methods` knows. */
export const methodNames = ['popularity', 'item-knn', 'rp3beta', 'als', 'ease', 'mixture'] as const;
export type MethodName = (typeof methodNames)[number];

/** For people. */
export const methodTitles: Readonly<Record<MethodName, string>> = {
  popularity: 'popularity',
  'item-knn': 'item-kNN, cosine, all neighbours',
  rp3beta: 'RP3beta',
  als: 'iALS',
  ease: 'EASE',
  mixture: `${chosenMethod.name} (chosen)`,
};

// The paper takes 200 to 1,000 for matrices of some ten thousand items.
const easeRegularisation = 200;

/** Why a method cannot be measured on these interactions; undefined when it can. */
export function findObstacle(method: MethodName, { userCount }: Interactions): string | undefined {
  return method === 'ease' && userCount > maxUsersOfEase
    ? `it inverts a matrix of the users, ${userCount} of them; ${maxUsersOfEase} at most`
    : undefined;
}

const atOnce = { stage: 'training', done: 0, total: 1 };

/** Trains methods on one training part. What two of them need is trained once. */
export function createTrainings(
  training: Interactions,
  parameters: ChosenParameters = chosenMethod.parameters,
): Readonly<Record<MethodName, () => Steps<Scorer>>> {
  let neighbours: NeighbourLists | undefined;
  let factors: AlsModel | undefined;

  function* trainNeighbours() {
    neighbours ??= yield* trainRp3beta(training, parameters.neighbours);
    return neighbours;
  }
  function* trainFactors() {
    factors ??= yield* trainAls(training, parameters.factors);
    return factors;
  }
  return {
    *popularity() {
      yield atOnce;
      return createPopularityScorer(countUsers(training));
    },
    *'item-knn'() {
      yield atOnce;
      return createWalkScorer(
        prepareItemKnn(training, { neighbours: 1, maxItemsPerUser: Number.POSITIVE_INFINITY }),
      );
    },
    *rp3beta() {
      return createNeighbourScorer(yield* trainNeighbours());
    },
    *als() {
      return createFactorScorer(yield* trainFactors());
    },
    *ease() {
      return yield* trainEase(training, transpose(training), { regularisation: easeRegularisation });
    },
    *mixture() {
      return createChosenScorer({
        neighbours: yield* trainNeighbours(),
        factors: yield* trainFactors(),
        factorWeight: parameters.factorWeight,
      });
    },
  };
}
