import { setTimeout as pause } from 'node:timers/promises';
import type { Logger } from '@medley/service';
import { createBell } from '../embedded/bell.ts';
import { RecordTooLargeError, UnknownTopicError } from '../errors.ts';
import type { EventLog, LogRecord } from '../event-log.ts';
import type { SpoolDisk, SpoolPage } from './spool-disk.ts';
import { within } from './within.ts';

export interface DrainOptions {
  readonly disk: SpoolDisk;
  readonly log: Pick<EventLog, 'append' | 'ping'>;
  /** How fast the log has to answer to be there. */
  readonly logTimeoutMs: number;
  readonly onDrained: (records: number) => void;
  readonly onSetAside: (records: number) => void;
  readonly logger: Logger;
}

/** Sends what waits to the log, oldest first, and knows whether the log is there. */
export interface Drain {
  /** While it is, what comes goes to the spool; it is tried again and again. */
  readonly logAway: boolean;
  /** The log did not take something. */
  lost(error: unknown): void;
  /** There is something to send. */
  wake(): void;
  /** Ends what is under way, within seconds. */
  stop(): Promise<void>;
}

/** A page has as long as this: the log may be slow when everybody sends what waited. */
const pageTimeoutMs = 10_000;
const firstPauseMs = 100;
const longestPauseMs = 2_000;

export function startDrain(options: DrainOptions): Drain {
  const { disk, log, logTimeoutMs, onDrained, onSetAside, logger } = options;
  const stopping = new AbortController();
  const woken = createBell();
  let logAway = false;

  function lost(error: unknown) {
    if (!logAway) logger.warn({ err: error }, 'the event log does not answer: records go to the spool');
    logAway = true;
    woken.ring();
  }

  function back() {
    if (logAway) logger.info('the event log is there again');
    logAway = false;
  }

  /** Knows then whether the log is there: when it answers, and quickly. */
  async function append(topic: string, records: readonly LogRecord[]) {
    const began = performance.now();
    try {
      await within(pageTimeoutMs, log.append(topic, records), stopping.signal, logTimeoutMs);
      if (performance.now() - began < logTimeoutMs) back();
    } catch (error) {
      if (isRefusal(error)) back();
      else if (!stopping.signal.aborted) lost(error);
      throw error;
    }
  }

  async function reach() {
    try {
      await within(logTimeoutMs, log.ping(logTimeoutMs), stopping.signal);
    } catch (error) {
      if (!stopping.signal.aborted) lost(error);
      throw error;
    }
  }

  async function send(page: SpoolPage) {
    const refused = new Set<number>();
    const records = page.entries.map(({ record }) => record);
    try {
      await append(page.topic, records);
    } catch (error) {
      if (!(error instanceof RecordTooLargeError)) throw error;
      // The log has a lower bound than the port. One must not hold up all others.
      for (const [index, record] of records.entries()) {
        await append(page.topic, [record]).catch((reason) => {
          if (!(reason instanceof RecordTooLargeError)) throw reason;
          logger.error(
            { err: reason, topic: page.topic, key: record.key },
            'the log refuses a record of the spool',
          );
          refused.add(index);
        });
      }
    }
    await disk.remove(page, refused);
    onDrained(records.length - refused.size);
    if (refused.size > 0) onSetAside(refused.size);
  }

  async function run() {
    let pauseMs = firstPauseMs;
    while (!stopping.signal.aborted) {
      if (!logAway && disk.records === 0) {
        await woken.heard(stopping.signal);
        continue;
      }
      let sent = false;
      try {
        // A disk that does not answer must not keep records from a log that does.
        const page = await disk.peek().catch(() => null);
        // A log that hangs is found out sooner by this than by a page.
        if (logAway) await reach();
        if (page) await send(page);
        else back();
        sent = page !== null;
      } catch (error) {
        if (error instanceof UnknownTopicError)
          logger.error({ err: error }, 'the spool holds records for it');
      }
      if (sent) {
        pauseMs = firstPauseMs;
      } else if (logAway || disk.records > 0) {
        // Not all processes at once.
        const ms = pauseMs * (0.5 + Math.random() / 2);
        await pause(ms, undefined, { signal: stopping.signal }).catch(() => {});
        pauseMs = Math.min(pauseMs * 2, longestPauseMs);
      }
    }
  }

  const running = run();
  return {
    get logAway() {
      return logAway;
    },
    lost,
    wake: woken.ring,
    stop() {
      stopping.abort();
      return running;
    },
  };
}

/** The log is there, and says no. */
export const isRefusal = (error: unknown) =>
  error instanceof RecordTooLargeError || error instanceof UnknownTopicError;
