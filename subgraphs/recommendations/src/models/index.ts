export {
  type AlsModel,
  type AlsParameters,
  type AlsState,
  beginAls,
  createFoldIn,
  finishAls,
  iterateAls,
  trainAls,
} from './als.ts';
export {
  type ChosenModel,
  type ChosenParameters,
  chosenMethod,
  createChosenScorer,
  neighboursOf,
  trainChosen,
} from './chosen-method.ts';
export { type EaseParameters, maxUsersOfEase, trainEase } from './ease.ts';
export {
  capRows,
  findFaultOfCount,
  type Interactions,
  maxCount,
  minCount,
  rowOf,
  toUserRow,
  transpose,
  type UserRow,
} from './interactions.ts';
export { createInteractionsBuilder, type InteractionsBuilder } from './interactions-builder.ts';
export { type ItemKnnParameters, prepareItemKnn, trainItemKnn } from './item-knn.ts';
export { createKeyIndex, type KeyIndex } from './key-index.ts';
export { countLists, joinNeighbourLists, listOf, type NeighbourLists } from './neighbour-lists.ts';
export {
  type ItemRange,
  makeNeighbourLists,
  type NeighbourParameters,
  type NeighbourSource,
} from './neighbours.ts';
export { countUsers } from './popularity.ts';
export { createRandom } from './random.ts';
export { prepareRp3beta, type Rp3betaParameters, trainRp3beta } from './rp3beta.ts';
export {
  createFactorScorer,
  createMixtureScorer,
  createNeighbourScorer,
  createPopularityScorer,
  type Scorer,
  scoreUser,
  standardise,
  topUnplayed,
} from './scorers.ts';
export { type Progress, type RunOptions, runAtOnce, runSteps, type Steps } from './steps.ts';
export type { RankedItems } from './top-selector.ts';
export { createWalkScorer } from './walk-scorer.ts';
