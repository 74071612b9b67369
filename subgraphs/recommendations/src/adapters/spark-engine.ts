import { randomUUID } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, readdir, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { EngineRun, FactorMethod, InteractionTable, TrainingEngine } from '../domain/training-engine.ts';
import { type SparkOptions, type SparkSession, startSparkSession } from './spark-session.ts';

/**
 * Computes on Apache Spark: the neighbours as SQL, the factors by its own ALS. One session serves all calls, one after another; it is
 * started by the first and ends with `close`. Its executors read and write the folders of tables and runs, so on a cluster these
 * are on a file system that all share. The factors of one seed are the same but for rounding.
 */
export function createSparkEngine(options: SparkOptions): TrainingEngine {
  let session: Promise<SparkSession> | null = null;
  let last: Promise<unknown> = Promise.resolve();

  /** Calls come one after another. */
  function inTurn<Result>(action: () => Promise<Result>): Promise<Result> {
    const turn = last.then(action);
    last = turn.catch(() => {});
    return turn;
  }

  async function compute(request: Record<string, unknown>, run: EngineRun): Promise<string> {
    const { folder, signal, onProgress } = run;
    const table = join(folder, 'table');
    if (existsSync(table)) return table;
    await mkdir(folder, { recursive: true });
    // Of calls that were killed.
    for (const name of await readdir(folder)) await rm(join(folder, name), { recursive: true });
    const output = join(folder, `draft-${randomUUID()}`);
    try {
      session ??= startSparkSession(options, signal);
      const running = await session;
      await running.run(
        { ...request, output, checkpoints: join(folder, 'checkpoints') },
        { signal, onProgress },
      );
    } catch (error) {
      // After a failure it may be out of memory, or half dead: the next call begins with a new one.
      await end();
      throw error;
    }
    for (const name of await readdir(output)) {
      if (!name.endsWith('.parquet')) await rm(join(output, name));
    }
    await rename(output, table);
    await rm(join(folder, 'checkpoints'), { recursive: true, force: true });
    onProgress?.(1);
    return table;
  }

  async function end() {
    const ending = session;
    session = null;
    // One that did not start has said so to whoever wanted it.
    await ending?.then(
      (running) => running.end(),
      () => {},
    );
  }

  return {
    name: 'spark',
    makeNeighbours: (table, method, run) =>
      inTurn(async () => {
        run.signal.throwIfAborted();
        return { folder: await compute(toRequest('neighbours', table, method), run) };
      }),
    makeFactors: (table, method: FactorMethod, run) =>
      inTurn(async () => {
        run.signal.throwIfAborted();
        return { folder: await compute(toRequest('factors', table, method), run), rank: method.rank };
      }),
    close: () => inTurn(end),
  };
}

const toRequest = (kind: 'neighbours' | 'factors', { folder }: InteractionTable, method: object) => ({
  kind,
  interactions: folder,
  method,
});
