import { setTimeout as pause } from 'node:timers/promises';
import type { Logger } from '@medley/service';
import type { StoredRecord, Subscription, TailOptions } from '../event-log.ts';
import type { ServedClient } from './served-client.ts';

const longestPauseMs = 2_000;

/** Follows a topic of a served log. It keeps its positions itself, so it goes on where it was when the log comes back. */
export async function startServedTail(
  client: ServedClient,
  options: TailOptions,
  parentLogger: Logger,
): Promise<Subscription> {
  const { topic, from, handle, onCaughtUp } = options;
  const logger = parentLogger.child({ topic });
  const stopping = new AbortController();
  const { signal } = stopping;
  let positions: Map<number, bigint> | null = null;
  /** Where each partition ended at the start. */
  let goals: readonly { partition: number; high: bigint }[] = [];
  let caughtUp = false;

  async function begin() {
    const ends = await client.ask('offsets', { topic }, { signal });
    const begins =
      from instanceof Date
        ? await client.ask('offsetsAt', { topic, time: from }, { signal })
        : ends.map(({ partition, low, high }) => ({ partition, offset: from === 'end' ? high : low }));
    goals = ends;
    positions = new Map(begins.map(({ partition, offset }) => [partition, offset]));
  }

  async function handleUntilDone(records: readonly StoredRecord[]) {
    while (records.length > 0 && !signal.aborted) {
      try {
        return await handle(records);
      } catch (error) {
        logger.warn({ err: error }, 'records are to be handled again');
        await pause(250, undefined, { signal }).catch(() => {});
      }
    }
  }

  async function readOn() {
    if (!positions) await begin();
    const known = positions ?? new Map<number, bigint>();
    tellWhenCaughtUp(known);
    const asked = [...known].map(([partition, offset]) => ({ partition, offset }));
    const { records, positions: reached } = await client.ask(
      'follow',
      { topic, positions: asked },
      { signal },
    );
    await handleUntilDone(records);
    if (signal.aborted) return;
    for (const { partition, offset } of reached) known.set(partition, offset);
    tellWhenCaughtUp(known);
  }

  function tellWhenCaughtUp(known: ReadonlyMap<number, bigint>) {
    if (caughtUp || goals.some(({ partition, high }) => (known.get(partition) ?? 0n) < high)) return;
    caughtUp = true;
    onCaughtUp?.();
  }

  async function run() {
    let pauseMs = 100;
    while (!signal.aborted) {
      try {
        await readOn();
        pauseMs = 100;
        continue;
      } catch (error) {
        if (signal.aborted) return;
        if (pauseMs === 100) logger.warn({ err: error }, 'the event log is away');
      }
      await pause(pauseMs, undefined, { signal }).catch(() => {});
      pauseMs = Math.min(pauseMs * 2, longestPauseMs);
    }
  }

  // What is appended after this call has resolved is seen, if the log is there.
  await begin().catch(() => {});
  const running = run();
  return {
    stop() {
      stopping.abort();
      return running;
    },
  };
}
