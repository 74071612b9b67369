import { GroupActiveError, LogUnavailableError, UnknownTopicError } from '../errors.ts';
import type { EventLogAdmin, SubscribeOptions, Subscription } from '../event-log.ts';
import { pause } from '../pause.ts';
import type { KafkaAccess } from './connection.ts';
import { type GroupMember, startGroupMember } from './group-member.ts';
import { isFinal, isPassing, reasonOf } from './kafka-errors.ts';
import type { KafkaMetrics } from './kafka-metrics.ts';
import { SilentMemberError } from './member-life.ts';
import { createPartitionWork } from './partition-work.ts';
import { endsWithin } from './within.ts';

export interface GroupConsumerOptions extends SubscribeOptions {
  readonly connection: KafkaAccess;
  readonly admin: EventLogAdmin;
  readonly metrics: KafkaMetrics;
  /** How long a consumer may show no sign of life before it is begun anew, in milliseconds. */
  readonly silentMs: number;
  /** How long a handler may take without a heartbeat, in milliseconds. */
  readonly handlerSilentMs: number;
}

/** What passes beside the errors of Kafka: a log that is away, and a topic that is made later. */
const passing = [SilentMemberError, LogUnavailableError, UnknownTopicError];

/**
 * Keeps one member of a group alive: whatever ends it, another takes its place, for ever. Only what cannot pass by itself is a
 * crash: an error of the kind that needs other code or other rights, one that nobody knows five times in a row without a
 * single fetch between, or a handler that hangs.
 */
export async function startGroupConsumer(options: GroupConsumerOptions): Promise<Subscription> {
  const { connection, admin, metrics, group, topics, onCrash, from = 'beginning' } = options;
  const { handle, maxBatch = 500, silentMs, handlerSilentMs } = options;
  const { logger } = connection;
  const stopping = new AbortController();
  let member: GroupMember | null = null;
  const work = createPartitionWork({
    group,
    handle,
    maxBatch,
    logger,
    onDone: (topic, partition, next) => member?.note(topic, partition, next),
  });

  let hasBegun = from === 'beginning';
  let toldBegun = () => {};
  const begun = new Promise<void>((resolve) => {
    toldBegun = resolve;
  });

  /** Of a group that begins at the end: once, and before it consumes. */
  async function beginAtEnd(): Promise<void> {
    try {
      for (const topic of topics) {
        const fresh = (await admin.positions(group, [topic])).filter(({ committed }) => committed === null);
        const ends = await admin.offsets(topic);
        const positions = ends
          .filter(({ partition }) => fresh.some((one) => one.partition === partition))
          .map(({ partition, high }) => ({ partition, offset: high }));
        if (positions.length > 0) await admin.setPositions(group, topic, positions);
      }
    } catch (error) {
      // Another member was here before.
      if (!(error instanceof GroupActiveError)) throw error;
    }
    hasBegun = true;
  }

  /** How it went since it last consumed. */
  let trouble = { lives: 0, unknownErrors: 0 };
  function onAlive(): void {
    if (trouble.lives > 0) logger.info({ group }, 'a consumer consumes again');
    trouble = { lives: 0, unknownErrors: 0 };
  }

  /** @returns why it ended */
  async function liveOnce(): Promise<Error> {
    try {
      if (!hasBegun) await beginAtEnd();
    } catch (error) {
      return error as Error;
    }
    toldBegun();
    if (stopping.signal.aborted) return new Error('stopped');
    const formerId = member?.id() ?? null;
    member = startGroupMember({ connection, group, topics, work, silentMs, formerId, onAlive });
    return member.ended;
  }

  async function live(): Promise<void> {
    while (!stopping.signal.aborted) {
      const error = await liveOnce();
      if (stopping.signal.aborted) return;
      const passes = isPassing(error) || passing.some((kind) => error instanceof kind);
      trouble.lives += 1;
      if (!passes) trouble.unknownErrors += 1;
      if (isFinal(error) || trouble.unknownErrors >= 5) return crash(error);
      const reason = error instanceof SilentMemberError ? 'silent' : passes ? 'lost' : 'failed';
      metrics.rejoins.inc({ group, reason });
      // Once, and not for each try.
      const level = trouble.lives === 1 ? 'warn' : 'debug';
      logger[level]({ group, reason: reasonOf(error) }, 'a consumer does not consume; it begins anew');
      await pause(Math.min(100 * 2 ** trouble.lives, 3_000), stopping.signal);
    }
  }

  function crash(error: Error): void {
    if (stopping.signal.aborted) return;
    stopping.abort();
    clearInterval(watch);
    work.keepOnly(() => false);
    member?.sever();
    logger.error({ err: error, group }, 'a consumer has ended for good');
    onCrash(error);
  }

  // Its partition would stand still for ever, and its heartbeats would keep it from going to another member.
  const watch = setInterval(() => {
    const now = performance.now();
    for (const { topic, partition, next, heardAt, abort } of work.all) {
      if (abort.signal.aborted || now - heardAt <= handlerSilentMs) continue;
      const place = `${topic}, partition ${partition}, offset ${next}`;
      return crash(
        new Error(`the handler of ${group} has not been heard of for ${handlerSilentMs} ms at ${place}`),
      );
    }
  }, 1_000);

  async function stop(): Promise<void> {
    clearInterval(watch);
    stopping.abort();
    // Before what it has is ended early: what came after that would be handled, and what was left out would be lost.
    member?.finish();
    work.keepOnly(() => false);
    await work.idle();
    await member?.leave();
    await living;
  }

  const living = live();
  // Who appends after this is seen by a group that begins at the end.
  await endsWithin(from === 'end' ? 3_000 : 0, begun);

  let stopped: Promise<void> | null = null;
  return { stop: () => (stopped ??= stop()) };
}
