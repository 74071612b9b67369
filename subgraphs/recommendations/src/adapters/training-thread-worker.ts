import { doAside } from '../training/computing/run-aside.ts';
import { doTrainingTask } from '../training/training-tasks.ts';
import { openArchiveStore } from './archive-store.ts';
import type { TrainingThreadData } from './training-thread.ts';

await doAside<TrainingThreadData, unknown>(async ({ task, archiveUrl }, run) => {
  const archive = openArchiveStore(archiveUrl);
  try {
    return await doTrainingTask(task, archive, run);
  } finally {
    await archive.close();
  }
});
