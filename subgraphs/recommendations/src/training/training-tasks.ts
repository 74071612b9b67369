import type { ArchiveStore } from '../domain/archive-store.ts';
import { type CheckedModel, type CheckModelTask, checkModel } from './check-model.ts';
import type { AsideRun } from './computing/run-aside.ts';
import { type CountedPlays, type CountPlaysTask, countPlays } from './count-plays.ts';
import { type MixedNeighbours, type MixNeighboursTask, mixNeighbours } from './mix-neighbours.ts';

/** What a training computes beside what engines do. */
export type TrainingTask = CountPlaysTask | MixNeighboursTask | CheckModelTask;

export type ResultOf<Task extends TrainingTask> = Task extends CountPlaysTask
  ? CountedPlays
  : Task extends MixNeighboursTask
    ? MixedNeighbours
    : CheckedModel;

/** Does one, aside: in a thread, so that who shares the process does not wait. */
export type Compute = <Task extends TrainingTask>(
  task: Task,
  run: { readonly signal: AbortSignal; readonly onProgress?: (share: number) => void },
) => Promise<ResultOf<Task>>;

export async function doTrainingTask(
  task: TrainingTask,
  archive: Pick<ArchiveStore, 'list' | 'open'>,
  run: AsideRun,
): Promise<ResultOf<TrainingTask>> {
  switch (task.kind) {
    case 'plays':
      return countPlays(task, archive, run);
    case 'mix':
      return mixNeighbours(task, run);
    case 'check':
      return checkModel(task, run);
  }
}
