import { type ChosenParameters, type Interactions, type Progress, rowOf, runSteps } from '../models/index.ts';
import { listLength, measure } from './measure.ts';
import { createTrainings, findObstacle, type MethodName, methodTitles } from './methods.ts';
import type { Metrics } from './metrics.ts';
import { type Split, splitInteractions } from './split.ts';
import { tuneChosen } from './tune.ts';

export interface EvaluationOptions {
  /** How many splits; they are those of the seeds 1, 2, 3 …. */
  readonly seeds: number;
  readonly methods: readonly MethodName[];
  readonly signal?: AbortSignal;
  /** @param where the seed and the method, in words */
  readonly onProgress?: (where: string, progress: Progress) => void;
}

/** What one method reached, seed by seed. */
export interface MethodResult {
  readonly method: MethodName;
  readonly metrics: readonly Metrics[];
  /** Of training alone, in milliseconds: the mean of the seeds. What methods share counts for the first of them. */
  readonly trainingMs: number;
}

export interface Evaluation {
  readonly results: readonly MethodResult[];
  /** The parameters that each seed chose for itself; empty when no method needed them. */
  readonly parameters: readonly ChosenParameters[];
  /** Users of whom something was held out. */
  readonly users: number;
  readonly leftOut: readonly { readonly method: MethodName; readonly reason: string }[];
}

/** There is nothing to measure by. The message says why. */
export class TooLittleError extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'TooLittleError';
  }
}

/**
 * For each seed: splits once, chooses parameters within the training part, trains each method on it, and compares its ten
 * recommendations for each user with what was held out.
 * @throws TooLittleError when nothing can be held out
 * @throws the signal's reason when it is aborted
 */
export async function evaluate(
  interactions: Interactions,
  { seeds, methods, signal, onProgress }: EvaluationOptions,
): Promise<Evaluation> {
  const leftOut = methods.flatMap((method) => {
    const reason = findObstacle(method, interactions);
    return reason ? [{ method, reason }] : [];
  });
  const measured = methods.filter((method) => !leftOut.some((left) => left.method === method));
  const metrics = new Map<MethodName, Metrics[]>(measured.map((method) => [method, []]));
  const trainingMs = new Map<MethodName, number>(measured.map((method) => [method, 0]));
  const parameters: ChosenParameters[] = [];
  let users = 0;

  for (let seed = 1; seed <= seeds; seed += 1) {
    const run = (what: string) => ({
      signal,
      onProgress: (progress: Progress) => onProgress?.(`seed ${seed} of ${seeds}, ${what}`, progress),
    });
    const split = splitInteractions(interactions, seed);
    users = split.heldOut.filter(({ length }) => length > 0).length;
    if (users === 0)
      throw new TooLittleError(
        `nothing can be held out: no one of ${interactions.userCount} users has three items or more`,
      );
    if (!isTelling(split))
      throw new TooLittleError(
        `nothing can be measured: of ${interactions.userCount} users and ${interactions.itemCount} items, whoever has some held out ` +
          `has ${listLength} or fewer left to be recommended, or nobody else knows them`,
      );
    const chosen = needsParameters(measured)
      ? await runSteps(tuneChosen(split.training, seed), run('choosing parameters'))
      : undefined;
    if (chosen) parameters.push(chosen);
    const trainings = createTrainings(split.training, chosen);
    for (const method of measured) {
      const startedAt = performance.now();
      const scorer = await runSteps(trainings[method](), run(methodTitles[method]));
      trainingMs.set(method, (trainingMs.get(method) ?? 0) + (performance.now() - startedAt) / seeds);
      metrics.get(method)?.push(await runSteps(measure(scorer, split), run(methodTitles[method])));
    }
  }
  const results = measured.map((method) => ({
    method,
    metrics: metrics.get(method) ?? [],
    trainingMs: trainingMs.get(method) ?? 0,
  }));
  return { results, parameters, users, leftOut };
}

/**
 * Whether it matters what is recommended to anybody: not to one to whom all is recommended that is left, nor when what was held out is
 * nobody else's.
 */
function isTelling({ training, heldOut }: Split): boolean {
  const isKnown = new Uint8Array(training.itemCount);
  for (const item of training.items) isKnown[item] = 1;
  return heldOut.some(
    (held, user) =>
      training.itemCount - rowOf(training, user).items.length > listLength &&
      held.some((item) => isKnown[item] === 1),
  );
}

const needsParameters = (methods: readonly MethodName[]) =>
  methods.some((method) => method === 'rp3beta' || method === 'als' || method === 'mixture');
