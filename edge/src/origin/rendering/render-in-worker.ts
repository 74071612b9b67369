import { startWorker } from '@medley/service';
import type { RenderFile } from '../files/audio-files.ts';
import type { RenderJob } from './render-worker.ts';

export interface WorkerRenderer {
  readonly render: RenderFile;
  /** Ends renderings under way, which then reject. */
  stop(): Promise<void>;
}

/** Renders in worker threads, so many at a time; the next one in line starts when one is done. */
export function createWorkerRenderer({ workers }: { workers: number }): WorkerRenderer {
  const running = new Set<ReturnType<typeof startWorker>>();
  const waiting: (() => void)[] = [];
  let free = workers;
  let stopped = false;

  async function render(job: RenderJob, onProgress: (done: number) => void): Promise<void> {
    // Written in these words, by which the bundler knows a worker.
    const worker = startWorker(new URL('./render-worker.ts', import.meta.url), { workerData: job });
    running.add(worker);
    try {
      await new Promise<void>((resolve, reject) => {
        worker.on('message', onProgress);
        worker.once('error', reject);
        worker.once('exit', (code) => {
          if (code === 0) resolve();
          else reject(new Error(`The renderer of piece ${job.number} ended with code ${code}`));
        });
      });
    } finally {
      running.delete(worker);
    }
  }

  return {
    async render(piece, quality, file, onProgress) {
      if (free > 0) free -= 1;
      else await new Promise<void>((resolve) => waiting.push(resolve));
      try {
        if (stopped) throw new Error('The renderer has been stopped');
        await render({ number: piece.number, quality, file }, onProgress);
      } finally {
        const next = waiting.shift();
        if (next) next();
        else free += 1;
      }
    },
    async stop() {
      stopped = true;
      await Promise.all([...running].map((worker) => worker.terminate()));
    },
  };
}
