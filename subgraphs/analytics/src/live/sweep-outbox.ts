import { type EventLog, publishEvents } from '@medley/event-log';
import { analyticsLive } from '@medley/events';
import type { Logger } from '@medley/service';
import type { KeptBatch, LiveOutbox } from '../domain/live-outbox.ts';
import type { LiveSeconds } from '../domain/live-seconds.ts';
import { toEvent } from './tell-plays.ts';

export interface SweepOptions {
  readonly outbox: LiveOutbox;
  readonly log: Pick<EventLog, 'append'>;
  /** What the log was read to tell; null while that is not known. */
  readonly seconds: () => LiveSeconds | null;
  readonly logger: Logger;
  /** How often it looks, in milliseconds; 5,000 unless told otherwise. */
  readonly everyMs?: number;
}

const pageSize = 1_000;
/** An event with 50 batches of all markets is 700 KB. */
const toldTogether = 50;

/**
 * Tells what a process that ended counted and did not tell any more, and lets go of what the log has. Each process does it: a batch that is
 * told twice is taken once.
 * @returns how to stop it
 */
export function startOutboxSweep({ outbox, log, seconds: find, logger, everyMs = 5_000 }: SweepOptions) {
  const stopping = new AbortController();
  let running: Promise<void> | undefined;
  let isFailing = false;

  /** @returns whether there may be more */
  async function sweepPage(): Promise<boolean> {
    const seconds = find();
    // Who does not know what was told tells nothing.
    if (!seconds) return false;
    const kept = await outbox.find(pageSize);
    const isDone = ({ id, isTooOld }: KeptBatch) => isTooOld || seconds.has(id);
    const done = kept.filter(isDone);
    if (done.length > 0) await outbox.delete(done.map(({ id }) => id));
    const untold = kept.filter((batch) => !isDone(batch));
    for (let from = 0; from < untold.length; from += toldTogether)
      await publishEvents(log, analyticsLive, [
        toEvent({ batches: untold.slice(from, from + toldTogether), tracks: [] }),
      ]);
    return kept.length === pageSize && done.length > 0;
  }

  async function sweep() {
    try {
      while (!stopping.signal.aborted && (await sweepPage()));
      isFailing = false;
    } catch (error) {
      if (!isFailing) logger.warn({ err: error }, 'what was left untold of plays is told later');
      isFailing = true;
    }
  }

  const timer = setInterval(() => {
    running ??= sweep().finally(() => {
      running = undefined;
    });
  }, everyMs).unref();
  return async () => {
    clearInterval(timer);
    stopping.abort();
    await running;
  };
}
