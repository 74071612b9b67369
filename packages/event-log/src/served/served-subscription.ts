import { randomUUID } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import type { Logger } from '@medley/service';
import type { SubscribeOptions, Subscription } from '../event-log.ts';
import { UnknownMemberError } from './members.ts';
import type { ServedClient } from './served-client.ts';
import type { Answer } from './wire.ts';

type Delivered = Answer<'poll'>['deliveries'][number];

const longestPauseMs = 2_000;
/** How long the log may take to commit when all is settled. */
const leaveMs = 5_000;

/** A member of a group at a served log. When that goes away it joins anew as soon as it is back. */
export function startServedSubscription(
  client: ServedClient,
  options: SubscribeOptions,
  parentLogger: Logger,
): Subscription {
  const { group, topics, handle, maxBatch = 500, from = 'beginning', onCrash } = options;
  const logger = parentLogger.child({ group });
  const stopping = new AbortController();
  const { signal } = stopping;
  /** The deliveries at hand, with what aborts their handlers. */
  const atHand = new Map<number, AbortController>();
  const handlers = new Set<Promise<void>>();
  let member = randomUUID();
  let joined = false;
  let crashed = false;

  async function poll() {
    if (!joined) {
      await client.ask('join', { member, group, topics: [...topics], maxBatch, from }, { signal });
      joined = true;
    }
    const holding = [...atHand.keys()];
    const revoked = holding.filter((id) => atHand.get(id)?.signal.aborted);
    const news = await client.ask('poll', { member, holding, revoked }, { signal });
    if (signal.aborted) return;
    for (const id of news.revoked) atHand.get(id)?.abort();
    for (const delivery of news.deliveries) begin(delivery);
    if (news.crashed !== null) {
      crashed = true;
      onCrash(new Error(news.crashed));
    }
  }

  function begin(delivery: Delivered) {
    const controller = new AbortController();
    atHand.set(delivery.id, controller);
    const handling = handleOne(delivery, controller.signal, member).finally(() => {
      handlers.delete(handling);
      // Unless it is one of a membership that is over.
      if (atHand.get(delivery.id) === controller) atHand.delete(delivery.id);
    });
    handlers.add(handling);
  }

  async function handleOne({ id, topic, partition, records }: Delivered, aborted: AbortSignal, as: string) {
    const heartbeat = async () => {
      await client.ask('heartbeat', { member: as, delivery: id }).catch(() => {});
    };
    let done = true;
    try {
      await handle({ topic, partition, records, signal: aborted, heartbeat });
    } catch (error) {
      done = false;
      logger.warn({ err: error, topic, partition }, 'records are to be handled again');
    }
    await settle(as, id, done);
  }

  /** Until the log knows, or has forgotten this member. */
  async function settle(as: string, delivery: number, done: boolean) {
    for (let pauseMs = 100; as === member; pauseMs = Math.min(pauseMs * 2, longestPauseMs)) {
      try {
        await client.ask('settle', { member: as, delivery, done });
        return;
      } catch (error) {
        // What is not settled comes again; whoever stops does not wait for a log that is away.
        if (error instanceof UnknownMemberError || signal.aborted) return;
      }
      await pause(pauseMs, undefined, { signal }).catch(() => {});
    }
  }

  function beginAnew() {
    for (const controller of atHand.values()) controller.abort();
    atHand.clear();
    member = randomUUID();
    joined = false;
  }

  async function run() {
    let pauseMs = 100;
    while (!signal.aborted && !crashed) {
      try {
        await poll();
        pauseMs = 100;
        continue;
      } catch (error) {
        if (signal.aborted) return;
        if (error instanceof UnknownMemberError) beginAnew();
        else if (pauseMs === 100) logger.warn({ err: error }, 'the event log is away');
      }
      await pause(pauseMs, undefined, { signal }).catch(() => {});
      pauseMs = Math.min(pauseMs * 2, longestPauseMs);
    }
  }

  const running = run();

  async function stop() {
    stopping.abort();
    for (const controller of atHand.values()) controller.abort();
    await running;
    // It answers when all is settled and committed. A log that does not, finds out by itself that the member is gone.
    const gone = new AbortController();
    const holding = [...atHand.keys()];
    const left = client
      .ask('leave', { member, holding }, { timeoutMs: 0, signal: gone.signal })
      .catch(() => {});
    await Promise.all(handlers);
    const deadline = setTimeout(() => gone.abort(), leaveMs);
    await left;
    clearTimeout(deadline);
  }
  let stopped: Promise<void> | null = null;
  return {
    stop() {
      stopped ??= stop();
      return stopped;
    },
  };
}
