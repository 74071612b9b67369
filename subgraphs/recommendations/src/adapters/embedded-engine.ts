import { startWorker } from '@medley/service';
import {
  type EngineRun,
  type FactorMethod,
  type InteractionTable,
  type NeighbourMethod,
  type TrainingEngine,
  TrainingEngineError,
} from '../domain/training-engine.ts';
import { runAside } from '../training/computing/run-aside.ts';

/** What the worker is to do. */
export type EngineTask = { readonly table: InteractionTable; readonly folder: string } & (
  | { readonly kind: 'neighbours'; readonly method: NeighbourMethod }
  | { readonly kind: 'factors'; readonly method: FactorMethod }
);

/**
 * Computes on typed arrays in a thread of its own, of low priority: who shares the process does not wait for it. It takes some 40 bytes an
 * entry of the table, and of factors 8 times rank bytes a user and an item.
 */
export function createEmbeddedEngine(): TrainingEngine {
  async function run(task: EngineTask, { signal, onProgress }: EngineRun): Promise<void> {
    signal.throwIfAborted();
    const worker = startWorker(new URL('./embedded-engine-worker.ts', import.meta.url), { workerData: task });
    try {
      await runAside(worker, { signal, onProgress });
    } catch (error) {
      signal.throwIfAborted();
      throw new TrainingEngineError(`computing ${task.kind} failed: ${(error as Error).message}`, {
        cause: error,
      });
    }
  }

  return {
    name: 'embedded',
    async makeNeighbours(table, method, options) {
      await run({ kind: 'neighbours', table, method, folder: options.folder }, options);
      return { folder: `${options.folder}/table` };
    },
    async makeFactors(table, method, options) {
      await run({ kind: 'factors', table, method, folder: options.folder }, options);
      return { folder: `${options.folder}/table`, rank: method.rank };
    },
    close: async () => {},
  };
}
