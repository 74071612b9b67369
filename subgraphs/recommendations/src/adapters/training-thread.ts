import { startWorker } from '@medley/service';
import { runAside } from '../training/computing/run-aside.ts';
import type { Compute, ResultOf, TrainingTask } from '../training/training-tasks.ts';

/** What the thread gets. */
export interface TrainingThreadData {
  readonly task: TrainingTask;
  readonly archiveUrl: string;
}

/** Does the tasks of a training in threads of their own, of low priority. @param archiveUrl see `openArchiveStore` */
export const createTrainingThread =
  (archiveUrl: string): Compute =>
  <Task extends TrainingTask>(task: Task, run: Parameters<Compute>[1]) => {
    run.signal.throwIfAborted();
    const workerData: TrainingThreadData = { task, archiveUrl };
    const worker = startWorker(new URL('./training-thread-worker.ts', import.meta.url), { workerData });
    return runAside<ResultOf<Task>>(worker, run);
  };
