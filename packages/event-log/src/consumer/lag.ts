import type { Logger, Metrics } from '@medley/service';
import { UnknownTopicError } from '../errors.ts';
import type { EventLog } from '../event-log.ts';
import { meterConsumer } from './metrics.ts';

/** Shows how many records wait for a group. @returns how to stop it */
export function watchLag({
  log,
  group,
  topics,
  logger,
  metrics,
}: {
  readonly log: Pick<EventLog, 'admin'>;
  readonly group: string;
  readonly topics: readonly string[];
  readonly logger: Logger;
  readonly metrics: Metrics;
}): () => void {
  const meters = topics.map((topic) => [topic, meterConsumer(metrics, group, topic)] as const);
  let timer: NodeJS.Timeout | undefined;
  let stopped = false;

  async function look() {
    try {
      const positions = await log.admin.positions(group, topics);
      if (stopped) return;
      for (const [topic, meter] of meters) {
        const ofTopic = positions.filter((position) => position.topic === topic);
        meter.lag(ofTopic.reduce((sum, { lag }) => sum + lag, 0n));
      }
    } catch (error) {
      // That the log is away others tell; the last lag that was known stays. But where one topic is missing a group may wait for all.
      if (error instanceof UnknownTopicError)
        logger.warn({ err: error, group }, 'a topic is missing: the consumer may wait for it');
    }
    if (!stopped) timer = setTimeout(look, intervalMs).unref();
  }
  void look();
  return () => {
    stopped = true;
    clearTimeout(timer);
    for (const [, meter] of meters) meter.gone();
  };
}

const intervalMs = 10_000;
