import type { FactorMethod, NeighbourMethod } from '../domain/training-engine.ts';
import { chosenMethod } from '../models/chosen-method.ts';

/** What is trained, and by which parameters. */
export interface TrainingMethod {
  readonly name: string;
  readonly neighbours: NeighbourMethod;
  readonly factors: FactorMethod;
  readonly factorWeight: number;
}

/** The method that was chosen by measurement (docs/adr/0027-recommender-method.md). */
export const trainingMethod: TrainingMethod = {
  name: chosenMethod.name,
  neighbours: { name: 'rp3beta', ...chosenMethod.parameters.neighbours },
  factors: { name: 'als', ...chosenMethod.parameters.factors },
  factorWeight: chosenMethod.parameters.factorWeight,
};
