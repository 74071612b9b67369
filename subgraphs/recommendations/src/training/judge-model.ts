import type { ModelFigures } from '../domain/models.ts';
import type { CheckedModel } from './check-model.ts';

/** With fewer pairs of an account and a track to find again, recall is luck. */
export const leastToJudge = 1_000;
/** Plays change from day to day: a model may find so much of what the last one found, and not less. */
const leastOfLastRecall = 0.7;
const leastOfLastCoverage = 0.5;

export interface Verdict {
  /** Why it may not serve, for people, in English; null when it may. */
  readonly refusal: string | null;
  /** What else is to be said of it. */
  readonly notes: readonly string[];
}

/** Whether a model is good enough to take the place of the last one. */
export function judgeModel(
  checked: CheckedModel,
  coverage: number,
  last: Pick<ModelFigures, 'coverage' | 'recall'> | null,
): Verdict {
  const { heldOut, recall, popularRecall, doubt } = checked;
  const notes: string[] = [];
  const reasons: string[] = [];
  if (last?.coverage && coverage < last.coverage * leastOfLastCoverage)
    reasons.push(
      `${percent(coverage)} of the tracks have neighbours, of the last model's ${percent(last.coverage)}`,
    );
  if (heldOut < leastToJudge) {
    notes.push(
      `its recall was not judged: there were ${heldOut} tracks of accounts to find again, and it takes ${leastToJudge}`,
    );
  } else {
    if (recall + doubt < popularRecall)
      reasons.push(
        `its recall is ${recall.toFixed(3)}, and that of what is popular ${popularRecall.toFixed(3)}`,
      );
    if (last?.recall && recall + doubt < last.recall * leastOfLastRecall)
      reasons.push(
        `its recall is ${recall.toFixed(3)}, and that of the last model ${last.recall.toFixed(3)}`,
      );
  }
  return { refusal: reasons.length > 0 ? reasons.join('; ') : null, notes };
}

const percent = (share: number) => `${(share * 100).toFixed(1)} %`;
