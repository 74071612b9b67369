import { parentPort, workerData } from 'node:worker_threads';
import { NothingBuiltError } from '../../domain/search-index.ts';
import { createIndexHost, DiscardedError } from './index-host.ts';
import type { Failure, LogLine, Reply, Request, WorkerData } from './messages.ts';

/** The thread in which the index lives: takes requests, in their order, and answers each. */
const port = parentPort;
if (!port) throw new Error('minisearch-worker.ts is to be started as a worker');
const data = workerData as WorkerData;

const log = (level: LogLine['level'], message: string, facts: LogLine['facts'] = {}) =>
  port.postMessage({ level, message, facts } satisfies LogLine);
const host = createIndexHost({ ...data, log });

port.on('message', async ({ id, call, arguments: given, deadline }: Request) => {
  let reply: Reply;
  try {
    const result = await host.answer(call, given, deadline);
    reply = { id, result };
  } catch (error) {
    reply = {
      id,
      failure: failureOf(error),
      message: error instanceof Error ? error.message : String(error),
    };
  }
  port.postMessage(reply);
});

function failureOf(error: unknown): Failure {
  if (error instanceof NothingBuiltError) return 'nothing-built';
  return error instanceof DiscardedError ? 'discarded' : 'failed';
}
