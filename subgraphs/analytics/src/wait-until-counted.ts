import { setTimeout as sleep } from 'node:timers/promises';
import type { EventLog } from '@medley/event-log';
import type { TopicSettings } from '@medley/events';

/**
 * Resolves when a group has handled all that a topic has now.
 * @throws AbortError when it is given up; LogUnavailableError
 */
export async function waitUntilCounted(
  log: Pick<EventLog, 'admin'>,
  { topic, group, signal }: { topic: TopicSettings; group: string; signal: AbortSignal },
): Promise<void> {
  const ends = await log.admin.offsets(topic.name);
  for (;;) {
    const positions = await log.admin.positions(group, [topic.name]);
    const committedOf = (partition: number) =>
      positions.find((position) => position.partition === partition)?.committed ?? null;
    if (ends.every(({ partition, low, high }) => low === high || (committedOf(partition) ?? low) >= high))
      return;
    await sleep(pauseMs, undefined, { signal });
  }
}

const pauseMs = 1_000;
