import { type EventLog, publishEvents } from '@medley/event-log';
import { analyticsLive } from '@medley/events';
import { toEvent } from './tell-plays.ts';

export interface TicksOptions {
  readonly log: Pick<EventLog, 'append'>;
  /** Milliseconds since 1970. */
  readonly clock?: () => number;
  /** 0 up to 1: how long after a second it looks, so that of several processes mostly one tells. */
  readonly random?: () => number;
}

/** Tells the log that seconds pass, while somebody here wants to know and nothing else tells it. */
export interface Ticks {
  /**
   * Somebody wants to know.
   * @returns he does no more; safe to call twice
   */
  want(): () => void;
  /** A record was read: that told it, too. */
  heard(): void;
  stop(): void;
}

/** After the second, in milliseconds: timers come early sometimes. */
const leastMs = 5;
const spreadMs = 40;

export function createTicks({ log, clock = Date.now, random = Math.random }: TicksOptions): Ticks {
  let wanted = 0;
  let heardAt = 0;
  let underWay = false;
  let stopped = false;
  let timer: NodeJS.Timeout | undefined;

  function waitForNext(): void {
    clearTimeout(timer);
    if (wanted > 0 && !stopped)
      timer = setTimeout(tick, 1_000 - (clock() % 1_000) + leastMs + random() * spreadMs);
  }

  function tick(): void {
    waitForNext();
    const beganAt = clock() - (clock() % 1_000);
    // Of a log that is away each is given up before the next one is tried.
    if (underWay || heardAt >= beganAt) return;
    underWay = true;
    publishEvents(log, analyticsLive, [toEvent()])
      .catch(() => {})
      .finally(() => {
        underWay = false;
      });
  }

  return {
    want() {
      wanted += 1;
      if (wanted === 1) waitForNext();
      let isGone = false;
      return () => {
        if (isGone) return;
        isGone = true;
        wanted -= 1;
        if (wanted === 0) clearTimeout(timer);
      };
    },
    heard() {
      heardAt = clock();
    },
    stop() {
      stopped = true;
      clearTimeout(timer);
    },
  };
}
