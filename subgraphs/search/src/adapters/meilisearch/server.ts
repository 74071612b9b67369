import {
  type EnqueuedTaskPromise,
  Meilisearch,
  MeilisearchApiError,
  MeilisearchError,
  MeilisearchRequestTimeOutError,
  MeilisearchTaskTimeOutError,
} from 'meilisearch';
import { IndexUnavailableError } from '../../domain/search-index.ts';

export interface ServerOptions {
  readonly url: string;
  readonly apiKey?: string;
}

/** @param timeoutMs of each request */
export function createServer({ url, apiKey }: ServerOptions, timeoutMs: number): Meilisearch {
  return new Meilisearch({
    host: url,
    apiKey,
    timeout: timeoutMs,
    // A compressed answer is held back by the network stack for 40 ms: more than the search takes.
    requestInit: { headers: { 'accept-encoding': 'identity' } },
  });
}

/**
 * Asks the server.
 * @throws IndexUnavailableError in place of whatever the client throws
 */
export async function asking<Result>(ask: () => Promise<Result>): Promise<Result> {
  try {
    return await ask();
  } catch (error) {
    throw unavailable(error);
  }
}

/** Whether the error says that there is no such index. */
export function isMissingIndex(error: unknown): boolean {
  const cause = error instanceof IndexUnavailableError ? error.cause : error;
  return cause instanceof MeilisearchApiError && cause.cause?.code === 'index_not_found';
}

/**
 * Waits until the server has done what it was asked to.
 * @throws IndexUnavailableError when it failed, or took too long
 */
export async function done(tasks: readonly EnqueuedTaskPromise[], timeoutMs: number): Promise<void> {
  const results = await asking(() =>
    Promise.all(tasks.map((task) => task.waitTask({ timeout: timeoutMs, interval: 20 }))),
  );
  for (const { status, type, error } of results) {
    if (status !== 'succeeded') {
      throw new IndexUnavailableError(
        `Meilisearch's ${type} ${status}: ${error?.message ?? 'no reason given'}`,
        {
          cause: error,
        },
      );
    }
  }
}

function unavailable(error: unknown): IndexUnavailableError {
  const late =
    error instanceof MeilisearchTaskTimeOutError ||
    (error instanceof MeilisearchError && error.cause instanceof MeilisearchRequestTimeOutError);
  if (late)
    return new IndexUnavailableError('Meilisearch did not answer in time', { timedOut: true, cause: error });
  if (error instanceof MeilisearchApiError) {
    return new IndexUnavailableError(`Meilisearch refused: ${error.message}`, { cause: error });
  }
  // Also what is no JSON: something else answers at that address.
  return new IndexUnavailableError('Meilisearch could not be asked', { cause: error });
}
