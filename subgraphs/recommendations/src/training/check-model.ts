import type { FactorTable, InteractionTable, NeighbourTable } from '../domain/training-engine.ts';
import { type ChosenModel, createChosenScorer } from '../models/chosen-method.ts';
import { type Interactions, rowOf } from '../models/interactions.ts';
import { countUsers } from '../models/popularity.ts';
import { createPopularityScorer, type Scorer, topUnplayed } from '../models/scorers.ts';
import { readInteractions } from './computing/interaction-tables.ts';
import { readFactors, readNeighbourLists } from './computing/model-tables.ts';
import type { AsideRun } from './computing/run-aside.ts';
import { heldUsers } from './hold-out.ts';
import type { TrainingMethod } from './training-method.ts';

export interface CheckModelTask {
  readonly kind: 'check';
  readonly method: TrainingMethod;
  readonly tracks: InteractionTable;
  readonly heldOut: InteractionTable;
  readonly neighbours: NeighbourTable;
  readonly factors: FactorTable;
}

/** How a model does on plays that it was not made from. */
export interface CheckedModel {
  /** Of so many accounts some plays were held out. */
  readonly users: number;
  /** How many pairs of an account and a track those are. */
  readonly heldOut: number;
  /** Recall at 10 of the model, and of what is popular for everybody; 0 to 1. */
  readonly recall: number;
  readonly popularRecall: number;
  /** Two standard errors of the difference of both: what is less may be luck. */
  readonly doubt: number;
}

/** Puts the parts of a model together, from where the engines left them. */
export async function openModel(
  { method, neighbours, factors }: Pick<CheckModelTask, 'method' | 'neighbours' | 'factors'>,
  itemCount: number,
): Promise<ChosenModel> {
  const { rank, alpha, regularisation } = method.factors;
  return {
    neighbours: await readNeighbourLists(neighbours, itemCount),
    factors: { rank, alpha, regularisation, itemFactors: await readFactors(factors, itemCount) },
    factorWeight: method.factorWeight,
  };
}

/** Recommends ten tracks to each account of which some were held out, and counts how many of these are found. */
export async function checkModel(task: CheckModelTask, { report }: AsideRun): Promise<CheckedModel> {
  const [train, heldOut] = [await readInteractions(task.tracks), await readInteractions(task.heldOut)];
  const users = heldUsers(heldOut);
  const model = createChosenScorer(await openModel(task, train.itemCount));
  const popular = createPopularityScorer(countUsers(train));
  const scores = new Float64Array(train.itemCount);
  let [recall, popularRecall, squares] = [0, 0, 0];
  for (const [index, user] of users.entries()) {
    const ofModel = recallOf(model, { train, heldOut, user, scores });
    const ofPopular = recallOf(popular, { train, heldOut, user, scores });
    recall += ofModel;
    popularRecall += ofPopular;
    squares += (ofModel - ofPopular) ** 2;
    report(index / users.length);
  }
  const count = Math.max(1, users.length);
  const variance = squares / count - ((recall - popularRecall) / count) ** 2;
  return {
    ...{ users: users.length, heldOut: heldOut.items.length },
    ...{ recall: recall / count, popularRecall: popularRecall / count },
    doubt: 2 * Math.sqrt(Math.max(0, variance) / count),
  };
}

interface Judged {
  readonly train: Interactions;
  readonly heldOut: Interactions;
  readonly user: number;
  readonly scores: Float64Array;
}

/** The share of what was held out, of ten at most, that is among the ten best. */
function recallOf(scorer: Scorer, { train, heldOut, user, scores }: Judged): number {
  const row = rowOf(train, user);
  scorer.score(row, scores);
  const held = new Set(rowOf(heldOut, user).items);
  const found = topUnplayed(scores, row, 10).items.filter((item) => held.has(item)).length;
  return found / Math.min(10, held.size);
}
