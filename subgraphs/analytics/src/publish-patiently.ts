import { setTimeout as sleep } from 'node:timers/promises';
import { type EventLog, LogUnavailableError, publishEvents, UnknownTopicError } from '@medley/event-log';
import type { Event, TopicContract } from '@medley/events';

/**
 * Appends events to their topic, again and again while the log is away or does not have the topic yet: what has come so far of long
 * work is not to be done anew.
 * @throws AbortError when it is given up; then nobody knows whether the log has them
 */
export async function publishPatiently<Told extends Event>(
  log: Pick<EventLog, 'append'>,
  topic: TopicContract<Told>,
  events: readonly NoInfer<Told>[],
  signal: AbortSignal,
): Promise<void> {
  for (let pauseMs = 250; ; pauseMs = Math.min(2 * pauseMs, 5_000)) {
    signal.throwIfAborted();
    try {
      await publishEvents(log, topic, events);
      return;
    } catch (error) {
      if (!(error instanceof LogUnavailableError || error instanceof UnknownTopicError)) throw error;
    }
    await sleep(pauseMs, undefined, { signal });
  }
}
