import { setTimeout as pause } from 'node:timers/promises';
import type { Logger } from '@medley/service';
import type { EventLog, TopicDefinition } from './event-log.ts';

/**
 * Makes the topics that are missing as soon as the event log is there; nobody waits for it.
 * @returns gives it up
 */
export function startMakingTopics({
  log,
  topics,
  logger,
  everyMs = 2_000,
}: {
  log: { readonly admin: Pick<EventLog['admin'], 'ensureTopics'> };
  topics: readonly TopicDefinition[];
  logger: Logger;
  /** How long to wait after a try that failed, in milliseconds. */
  everyMs?: number;
}): () => void {
  const stopping = new AbortController();

  async function make() {
    for (let tries = 1; !stopping.signal.aborted; tries += 1) {
      try {
        return await log.admin.ensureTopics(topics);
      } catch (error) {
        if (tries === 1) logger.warn({ err: error }, 'the event log does not make its topics: trying again');
      }
      await pause(everyMs, undefined, { signal: stopping.signal, ref: false }).catch(() => {});
    }
  }

  void make();
  return () => stopping.abort();
}
