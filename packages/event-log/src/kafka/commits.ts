import type { Logger } from '@medley/service';
import type { TopicPartitionOffset } from 'kafkajs';
import { pause } from '../pause.ts';
import { reasonOf } from './kafka-errors.ts';

/** Tells Kafka how far a group has come. */
export interface Commits {
  /** It is committed soon, together with what others have done meanwhile. */
  note(topic: string, partition: number, next: bigint): void;
  /** Forgets what is not ours to commit any more. */
  keepOnly(isOurs: (topic: string, partition: number) => boolean): void;
  /** When all that was noted is committed, or has failed for good. */
  flush(): Promise<void>;
  stop(): void;
}

/** One commit is under way at a time. A failed one is tried again, unless a later one has made it needless. */
export function createCommits(
  commit: (positions: TopicPartitionOffset[]) => Promise<void>,
  logger: Logger,
): Commits {
  const waiting = new Map<string, TopicPartitionOffset>();
  const stopping = new AbortController();
  let committing: Promise<void> | null = null;

  async function run(): Promise<void> {
    while (waiting.size > 0 && !stopping.signal.aborted) {
      const positions = [...waiting];
      waiting.clear();
      try {
        await commit(positions.map(([, position]) => position));
      } catch (error) {
        logger.debug({ reason: reasonOf(error) }, 'a commit failed; again');
        for (const [key, position] of positions) if (!waiting.has(key)) waiting.set(key, position);
        await pause(300, stopping.signal);
      }
    }
    committing = null;
  }

  return {
    note(topic, partition, next) {
      waiting.set(`${topic}/${partition}`, { topic, partition, offset: next.toString() });
      committing ??= run();
    },
    keepOnly(isOurs) {
      for (const [key, { topic, partition }] of waiting) if (!isOurs(topic, partition)) waiting.delete(key);
    },
    flush: () => committing ?? Promise.resolve(),
    stop: () => stopping.abort(),
  };
}
