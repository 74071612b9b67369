import type { PlaybackMeasurement } from './measurement.ts';

/** What became of a batch that arrived. */
export interface Sent {
  /** Measurements that were not taken, and never will be. */
  readonly refused: number;
}

/**
 * Sends a batch: 1 to 100 measurements, at most 30,000 bytes of them. It must outlive the page (`fetch` with `keepalive`).
 * @throws whatever means that it should be tried again
 */
export type SendMeasurements = (measurements: readonly PlaybackMeasurement[]) => Promise<Sent>;

export interface MeasurementQueueOptions {
  readonly send: SendMeasurements;
  /** How long to wait for more. Default 5,000. */
  readonly sendAfterMs?: number;
  /** Where `pagehide`, `pageshow` and `visibilitychange` happen. */
  readonly page?: EventTarget;
}

/** Takes measurements and sends them when it suits. */
export interface MeasurementQueue {
  /** Never throws, never waits. When the page is being left it sends at once. */
  add(measurement: PlaybackMeasurement): void;
  /** Sends what there is, once; resolves when it arrived or failed. */
  flush(): Promise<void>;
  /** Not sent yet. */
  readonly waiting: number;
  /** What nobody will ever see: refused, given up, or too many while nothing could be sent. */
  readonly lost: number;
  /**
   * Listens to the page no more and sends what there is, batch after batch; resolves when all arrived or one failed, which loses the rest. What is
   * added later is sent at once, and only once.
   */
  stop(): Promise<void>;
}

const largestBatch = 100;
/** A browser lets requests that outlive their page have 64 KiB together (Fetch, 4.6): two of these fit. */
const mostBytes = 30_000;
const mostWaiting = 500;
const mostTries = 8;
const firstRetryMs = 2_000;
const longestRetryMs = 300_000;

/**
 * Some may be lost: they become statistics. None is counted twice: each has an id, under which it may be sent again.
 */
export function createMeasurementQueue({
  send,
  sendAfterMs = 5_000,
  page = globalThis,
}: MeasurementQueueOptions): MeasurementQueue {
  const waiting: PlaybackMeasurement[] = [];
  let lost = 0;
  let tries = 0;
  let leaving = false;
  let stopping = false;
  /** From now on nothing is tried again. */
  let stopped = false;
  let sending: Promise<unknown> | undefined;
  const underWay = new Set<Promise<unknown>>();
  let timer: ReturnType<typeof setTimeout> | undefined;

  function sendLater(delayMs: number): void {
    if (waiting.length > 0 && !sending && !stopping) timer ??= setTimeout(flush, delayMs);
  }

  async function flush(): Promise<void> {
    clearTimeout(timer);
    timer = undefined;
    sending ??= sendBatch().finally(() => {
      sending = undefined;
      sendLater(tries === 0 ? sendAfterMs : retryDelay(tries));
    });
    await sending;
  }

  /** @returns whether it arrived */
  function sendBatch(): Promise<boolean> {
    const outcome = trySending(takeBatch()).finally(() => underWay.delete(outcome));
    underWay.add(outcome);
    return outcome;
  }

  async function trySending(batch: readonly PlaybackMeasurement[]): Promise<boolean> {
    if (batch.length === 0) return true;
    try {
      lost += (await send(batch)).refused;
      tries = 0;
      return true;
    } catch {
      tries += 1;
      if (tries < mostTries && !stopped) waiting.unshift(...batch);
      else {
        lost += batch.length;
        tries = 0;
      }
      forgetOldest();
      return false;
    }
  }

  function takeBatch(): PlaybackMeasurement[] {
    let bytes = 0;
    const tooMany = waiting.slice(0, largestBatch).findIndex((measurement) => {
      bytes += JSON.stringify(measurement).length + 1;
      return bytes > mostBytes;
    });
    // One that is larger than all of that goes alone.
    return waiting.splice(0, tooMany < 0 ? largestBatch : Math.max(1, tooMany));
  }

  function forgetOldest(): void {
    lost += waiting.splice(0, Math.max(0, waiting.length - mostWaiting)).length;
  }

  /** The page may be gone in an instant, and what is under way outlives it. */
  function leave(): void {
    leaving = true;
    while (waiting.length > 0) void sendBatch();
  }
  function comeBack(): void {
    leaving = false;
    sendLater(sendAfterMs);
  }
  // Hidden is the last that a page on a phone hears before it may be ended.
  const listeners = { pagehide: leave, pageshow: comeBack, visibilitychange: flush };
  for (const [event, listen] of Object.entries(listeners)) page.addEventListener(event, listen);

  return {
    add(measurement) {
      waiting.push(measurement);
      forgetOldest();
      if (leaving) leave();
      else sendLater(sendAfterMs);
    },
    flush,
    get waiting() {
      return waiting.length;
    },
    get lost() {
      return lost;
    },
    async stop() {
      for (const [event, listen] of Object.entries(listeners)) page.removeEventListener(event, listen);
      clearTimeout(timer);
      stopping = true;
      // What failed of these has its last try below.
      await Promise.all(underWay);
      stopped = true;
      leaving = true;
      while (waiting.length > 0) if (!(await sendBatch())) lost += waiting.splice(0).length;
      await Promise.all(underWay);
    },
  };
}

/** Twice as long each time, and never the same for all players that lost the same server. */
const retryDelay = (tries: number) =>
  Math.min(firstRetryMs * 2 ** (tries - 1), longestRetryMs) * (0.5 + Math.random() / 2);
