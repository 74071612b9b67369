import { deadLetterTopicOf, retryTopicOf, type TopicContract } from '@medley/events';
import type { Logger, Metrics } from '@medley/service';
import type { EventLog, Subscription } from '../event-log.ts';
import type { Backoff } from './backoff.ts';
import { createBury } from './bury.ts';
import type { Forget, Handle, ToldBy } from './consumed.ts';
import { createBatchHandler } from './handle-batch.ts';
import { watchLag } from './lag.ts';
import { meterConsumer } from './metrics.ts';
import { isTransientError } from './transient.ts';
import { createWaitOut } from './wait-out.ts';

export interface ConsumerOptions<Topic extends TopicContract> {
  readonly log: Pick<EventLog, 'append' | 'subscribe' | 'admin'>;
  /** `<subgraph>.<what>`, such as `analytics.plays`: all processes with this group share the work. */
  readonly group: string;
  readonly topics: readonly Topic[];
  /**
   * Gives events their effect. They may have been there before: claim their ids in the transaction of the effect (`@medley/inbox`),
   * or have an effect that is the same twice.
   */
  readonly handle: Handle<ToldBy<Topic>>;
  /** Gives the tombstones of compacted topics their effect; left out, they have none. */
  readonly forget?: Forget;
  /** Where a group begins that never was; the beginning unless told otherwise: nothing is skipped. */
  readonly from?: 'beginning' | 'end';
  /** The most events of one call; 500 unless told otherwise. */
  readonly maxBatch?: number;
  /** How often the handler may fail on a batch before its records are tried one by one; 5 unless told otherwise. */
  readonly attempts?: number;
  /** Errors that pass by themselves, beside those that `isTransientError` knows: the same batch is tried until it succeeds. */
  readonly isTransient?: (error: unknown) => boolean;
  /** From 200 ms to 30 s unless told otherwise. */
  readonly backoff?: Backoff;
  readonly logger: Logger;
  readonly metrics: Metrics;
  /** Told once when it has ended for good: the process is to end, so that another takes its place. It never comes by `stop`. */
  readonly onCrash: (error: Error) => void;
}

export interface Consumer {
  /** Finishes the events under way, commits them, leaves the group. Safe to call twice. */
  stop(): Promise<void>;
  /** What is wrong for good, for `/readyz`. A log that is away is not: the consumer goes on when it is back. */
  findUnready(): string[];
}

/**
 * Consumes topics as a member of a group, batch by batch, each of one partition. An event is committed after its effect.
 *
 * - What is no event of its contract goes to the dead letters at once, with the reason; the partition moves on.
 * - A handler that fails by something that passes (`isTransientError`) gets the same batch again, later and later, until it succeeds:
 *   the partition waits, and its lag grows.
 * - A handler that fails otherwise gets the batch `attempts` times, then its records one by one; those that still fail go to the dead
 *   letters. Events that share a key with such a one are handled all the same.
 * - While the dead letters cannot be written the partition waits. Nothing is ever skipped.
 *
 * It also consumes `<topic>.retry`, where dead letters are sent again: all three (`withItsLetters`) have to be there, and Kafka hands over
 * nothing while one of them is missing.
 */
export function startConsumer<const Topic extends TopicContract>(options: ConsumerOptions<Topic>): Consumer {
  const { log, group, topics, handle, forget, from, maxBatch, logger, metrics, onCrash } = options;
  const { attempts = 5, backoff = { firstMs: 200, maxMs: 30_000 } } = options;
  if (!Number.isInteger(attempts) || attempts < 1)
    throw new RangeError(`attempts must be 1 or more, got ${attempts}`);
  const isTransient = (error: unknown) => isTransientError(error) || options.isTransient?.(error) === true;

  const handlers = new Map(
    topics.flatMap((topic) => {
      const contract = topic as TopicContract as TopicContract<ToldBy<Topic>>;
      return [topic.name, retryTopicOf(topic).name].map((name) => {
        const of = { group, topic: name, logger: logger.child({ group, topic: name }) };
        const meter = meterConsumer(metrics, group, name);
        const waitOut = createWaitOut(backoff, of.logger, meter);
        const bury = createBury({ ...of, log, deadLetters: deadLetterTopicOf(topic).name, waitOut, meter });
        const own = { ...of, contract, handle, forget, attempts, isTransient, backoff, bury, waitOut, meter };
        return [name, createBatchHandler(own)] as const;
      });
    }),
  );
  const names = [...handlers.keys()];

  let crash: Error | undefined;
  let stopped: Promise<void> | undefined;
  const end = (error: Error) => {
    if (crash || stopped) return;
    crash = error;
    logger.fatal({ err: error, group }, 'the consumer has ended');
    onCrash(error);
  };

  const subscribed: Promise<Subscription | null> = log
    .subscribe({
      group,
      topics: names,
      handle: async (batch) => {
        const handleBatch = handlers.get(batch.topic);
        if (!handleBatch) throw new Error(`${group} got records of ${batch.topic}, for which it did not ask`);
        await handleBatch(batch);
      },
      maxBatch,
      from,
      onCrash: end,
    })
    .catch((error: Error) => {
      end(error);
      return null;
    });
  const stopWatching = watchLag({ log, group, topics: names, logger, metrics });

  const stop = async () => {
    stopWatching();
    await (await subscribed)?.stop();
  };
  return {
    stop: () => {
      stopped ??= stop();
      return stopped;
    },
    findUnready: () => (crash ? [`the consumer ${group} has ended: ${crash.message}`] : []),
  };
}
