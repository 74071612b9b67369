import { LogUnavailableError, pause, RecordTooLargeError, UnknownTopicError } from '@medley/event-log';
import { InvalidEventError } from '@medley/events';
import type { Logger } from '@medley/service';
import type { Shipment } from './shipment.ts';
import { SecondWriterError } from './shipped-state.ts';

export interface ShipperOptions {
  readonly shipment: Shipment;
  /** How often it looks, in milliseconds, on whole multiples. */
  readonly everyMs: number;
  readonly logger: Logger;
  /** Told once when it has ended for good. */
  readonly onCrash: (error: unknown) => void;
  /** Milliseconds since 1970. */
  readonly clock?: () => number;
}

export interface Shipper {
  /** Why nothing is told just now, for people; nothing when all is well. */
  findDegraded(): readonly string[];
  /** Tells the rest, for some seconds; what is not told then is told after the next start. Safe to call twice. */
  stop(): Promise<void>;
}

/** By then the lines of the ten seconds before are in the file. */
const settleMs = 500;
const longestPauseMs = 30_000;
const drainMs = 5_000;

/** Advances a shipment again and again. While the event log or the disk is away it waits: the access log keeps what comes. */
export function startShipper({
  shipment,
  everyMs,
  logger,
  onCrash,
  clock = Date.now,
}: ShipperOptions): Shipper {
  const stopping = new AbortController();
  let degraded: string | undefined;
  let failures = 0;

  async function advance(): Promise<boolean> {
    try {
      await shipment.advance({ all: stopping.signal.aborted });
      if (degraded) logger.info('the access log is told again');
      degraded = undefined;
      failures = 0;
      return true;
    } catch (error) {
      const isFinal =
        error instanceof SecondWriterError ||
        error instanceof InvalidEventError ||
        error instanceof RecordTooLargeError;
      if (isFinal) throw error;
      const why = describe(error);
      if (why !== degraded) logger.warn({ err: error }, why);
      degraded = why;
      failures += 1;
      return false;
    }
  }

  async function run(): Promise<void> {
    while (!stopping.signal.aborted) {
      const advanced = await advance();
      await pause(
        advanced ? everyMs - (clock() % everyMs) + settleMs : Math.min(longestPauseMs, 250 * 2 ** failures),
        stopping.signal,
      );
    }
  }

  const running = run().catch((error: unknown) => {
    stopping.abort();
    onCrash(error);
  });

  let stopped: Promise<void> | undefined;
  async function stop(): Promise<void> {
    const isRunning = !stopping.signal.aborted;
    stopping.abort();
    const drained = new AbortController();
    const drain = running.then(async () => {
      if (isRunning) await advance();
    });
    await Promise.race([drain.catch(() => {}), pause(drainMs, drained.signal)]);
    drained.abort();
  }

  return {
    findDegraded: () => (degraded ? [degraded] : []),
    stop: () => {
      stopped ??= stop();
      return stopped;
    },
  };
}

const describe = (error: unknown): string =>
  error instanceof LogUnavailableError || error instanceof UnknownTopicError
    ? 'the event log does not take the traffic'
    : 'the access log cannot be read, or its position not be saved';
