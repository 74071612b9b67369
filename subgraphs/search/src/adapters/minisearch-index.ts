import { type Logger, startWorker } from '@medley/service';
import {
  type FreshIndex,
  type IndexState,
  IndexUnavailableError,
  type IndexWriter,
  NothingBuiltError,
  type SearchIndex,
} from '../domain/search-index.ts';
import {
  type Calls,
  type LogLine,
  packChanges,
  type Reply,
  type Request,
  type WorkerData,
} from './minisearch/messages.ts';

export interface MiniSearchIndexOptions {
  /** Where the index is kept from one start to the next, in a file of its own; null keeps it in memory only. */
  readonly folder: string | null;
  readonly logger: Pick<Logger, 'info' | 'warn' | 'error'>;
  /** After which a search counts as failed. */
  readonly timeoutMs?: number;
  /** After which a change counts as failed. */
  readonly writeTimeoutMs?: number;
  /** How often what has changed is written to disk; also after a rebuild and at the end. */
  readonly snapshotIntervalMs?: number;
}

export interface MiniSearchIndex {
  readonly index: SearchIndex;
  readonly writer: IndexWriter;
  /** Saves the index and ends its thread. */
  close(): Promise<void>;
}

interface Pending {
  settle(reply: Reply): void;
  fail(error: Error): void;
}

/**
 * The embedded index: documents and words in the memory of a thread of its own, so that no search holds up the process.
 * When the thread dies, what is under way is an IndexUnavailableError, and another is started from what is on disk.
 * @returns once what is on disk has been read
 * @throws IndexUnavailableError when the thread cannot be started
 */
export async function openMiniSearchIndex({
  folder,
  logger,
  timeoutMs = 1_000,
  writeTimeoutMs = 60_000,
  snapshotIntervalMs = 300_000,
}: MiniSearchIndexOptions): Promise<MiniSearchIndex> {
  const pending = new Map<number, Pending>();
  let lastId = 0;
  let crashes = 0;
  let closed = false;
  let restart: NodeJS.Timeout | undefined;
  /** Whether the index went back to what is on disk, and nobody has asked yet to where. */
  let wentBack = false;
  /** Which thread it is: a rebuild lives in one of them only. */
  let life = 0;
  let worker = spawn();

  function spawn(): ReturnType<typeof startWorker> | null {
    life += 1;
    const workerData: WorkerData = { folder, snapshotIntervalMs, life };
    // Written in these words, by which the bundler knows a worker.
    const started = startWorker(new URL('./minisearch/minisearch-worker.ts', import.meta.url), {
      workerData,
    });
    started.on('message', (message: Reply | LogLine) => {
      if ('level' in message) {
        logger[message.level](message.facts, message.message);
      } else {
        crashes = 0;
        pending.get(message.id)?.settle(message);
      }
    });
    started.on('error', (error) => logger.error({ err: error }, 'the search index failed'));
    started.once('exit', (code) => {
      worker = null;
      const error = new IndexUnavailableError(`The thread of the search index ended with code ${code}`);
      for (const call of [...pending.values()]) call.fail(error);
      if (closed) return;
      wentBack = true;
      crashes += 1;
      const delayMs = Math.min(30_000, 50 * 2 ** crashes);
      logger.error({ code, delayMs }, 'the thread of the search index ended; it is started again');
      restart = setTimeout(() => {
        worker = spawn();
      }, delayMs);
    });
    return started;
  }

  function call<Name extends keyof Calls>(
    name: Name,
    waitMs: number,
    ...given: Parameters<Calls[Name]>
  ): Promise<ReturnType<Calls[Name]>> {
    return new Promise((resolve, reject) => {
      if (!worker) return reject(new IndexUnavailableError('The search index is not running'));
      lastId += 1;
      const id = lastId;
      const timer = setTimeout(() => {
        pending.delete(id);
        reject(new IndexUnavailableError(`The search index took more than ${waitMs} ms`, { timedOut: true }));
      }, waitMs);
      const done = () => {
        clearTimeout(timer);
        pending.delete(id);
      };
      pending.set(id, {
        fail(error) {
          done();
          reject(error);
        },
        settle(reply) {
          done();
          if ('result' in reply) resolve(reply.result as ReturnType<Calls[Name]>);
          else if (reply.failure === 'nothing-built') reject(new NothingBuiltError());
          else reject(new IndexUnavailableError(reply.message));
        },
      });
      worker.postMessage({
        id,
        call: name,
        arguments: given,
        deadline: Date.now() + waitMs,
      } satisfies Request);
    });
  }

  async function readState(waitMs: number): Promise<IndexState> {
    const incarnation = String(life);
    return { ...(await call('readState', waitMs)), incarnation };
  }

  const index: SearchIndex = {
    search: (queries) => call('search', timeoutMs, queries),
    suggest: (query) => call('suggest', timeoutMs, query),
    readState: () => readState(timeoutMs),
  };

  const writer: IndexWriter = {
    async readState() {
      const state = await readState(writeTimeoutMs);
      wentBack = false;
      return state;
    },
    async write(changes) {
      if (wentBack)
        throw new IndexUnavailableError('The search index went back to what is on disk: read its state');
      await call('write', writeTimeoutMs, packChanges(changes));
    },
    async beginRebuild() {
      const number = await call('beginRebuild', writeTimeoutMs);
      return freshIndex(number, life);
    },
  };

  function freshIndex(number: number, bornIn: number): FreshIndex {
    function checkAlive(): void {
      if (life !== bornIn) throw new IndexUnavailableError('The fresh index was lost with its thread');
    }
    return {
      async write(changes) {
        checkAlive();
        await call('writeFresh', writeTimeoutMs, number, packChanges(changes));
      },
      async swap() {
        checkAlive();
        await call('swap', writeTimeoutMs, number);
      },
      async discard() {
        if (life === bornIn) await call('discard', writeTimeoutMs, number);
      },
    };
  }

  async function close(): Promise<void> {
    if (closed) return;
    closed = true;
    clearTimeout(restart);
    try {
      if (worker) await call('close', writeTimeoutMs);
    } finally {
      await worker?.terminate();
    }
  }

  try {
    await call('ping', writeTimeoutMs);
  } catch (error) {
    await close();
    throw error;
  }
  return { index, writer, close };
}
