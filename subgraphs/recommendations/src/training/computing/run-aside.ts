import { constants, setPriority } from 'node:os';
import { parentPort, type Worker, workerData } from 'node:worker_threads';

/** What a worker tells of its task. */
type Told =
  | { readonly type: 'progress'; readonly share: number }
  | { readonly type: 'result'; readonly result: unknown }
  | { readonly type: 'error'; readonly message: string; readonly stack?: string };

/** What a task can tell while it runs. */
export interface AsideRun {
  /** @param share how much is done, 0 to 1; it may be called as often as is convenient */
  report(share: number): void;
}

/**
 * Waits for the one task of a worker thread that was started with it as its `workerData`, and ends the thread in any case.
 * @throws the reason of the signal when that was aborted; what the task threw; an error when the thread ended without a word
 */
export function runAside<Result>(
  worker: Worker,
  { signal, onProgress }: { readonly signal: AbortSignal; readonly onProgress?: (share: number) => void },
): Promise<Result> {
  return new Promise<Result>((resolve, reject) => {
    const abort = () => reject(signal.reason);
    signal.addEventListener('abort', abort, { once: true });
    if (signal.aborted) abort();
    worker.on('message', (told: Told) => {
      if (told.type === 'progress') onProgress?.(told.share);
      else if (told.type === 'result') resolve(told.result as Result);
      else reject(Object.assign(new Error(told.message), { stack: told.stack }));
    });
    worker.once('error', reject);
    worker.once('exit', (code) =>
      reject(new Error(`the thread of a computation ended with code ${code} and without a word`)),
    );
  }).finally(() => worker.terminate());
}

/** To be called once in a worker: does its task, below the priority of all who wait for an answer. */
export async function doAside<Task, Result>(
  compute: (task: Task, run: AsideRun) => Promise<Result>,
): Promise<void> {
  const tell = (told: Told) => parentPort?.postMessage(told);
  // Where priorities belong to threads, as on Linux, it is this thread's; elsewhere the process is worth more than its computations.
  if (process.platform === 'linux') setPriority(constants.priority.PRIORITY_LOW);
  let toldAt = Number.NEGATIVE_INFINITY;
  try {
    const result = await compute(workerData as Task, {
      report(share) {
        if (performance.now() - toldAt < 200) return;
        toldAt = performance.now();
        tell({ type: 'progress', share });
      },
    });
    tell({ type: 'result', result });
  } catch (error) {
    const { message, stack } = error as Error;
    tell({ type: 'error', message, stack });
  }
}
