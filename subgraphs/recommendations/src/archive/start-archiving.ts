import type { Hold, TryHold } from '@medley/database';
import { type Consumer, type EventLog, pause, startConsumer } from '@medley/event-log';
import { playEvents } from '@medley/events';
import type { Logger, Metrics } from '@medley/service';
import type { ArchiveStore } from '../domain/archive-store.ts';
import type { WaitingPlays } from '../domain/waiting-plays.ts';
import { meterArchive } from './archive-metrics.ts';
import { archivePlays } from './archive-plays.ts';
import { type FlushDependencies, finishParts, flushDays } from './flush-plays.ts';
import { planFlush } from './plan-flush.ts';

/** Who takes plays for the archive. */
export const archiveGroup = 'recommendations.archive';

export interface ArchivingOptions {
  readonly log: Pick<EventLog, 'append' | 'subscribe' | 'admin'>;
  readonly waiting: WaitingPlays;
  readonly store: ArchiveStore;
  /** One process writes parts, though any may. */
  readonly tryHold: TryHold;
  readonly logger: Logger;
  readonly metrics: Metrics;
  /** Told once when the consumer has ended for good. */
  readonly onCrash: (error: Error) => void;
  /** How long plays wait until they are written, in milliseconds; 5 minutes unless told otherwise, longer where there are few. */
  readonly flushMs?: number;
  /** How many plays a part has at most; 50,000 unless told otherwise. */
  readonly partPlays?: number;
  /** How many may wait before no more are taken, which then wait in the log; 1,000,000 unless told otherwise. */
  readonly maxWaiting?: number;
  /** How often it looks whether something is due, in milliseconds; 5 seconds unless told otherwise. */
  readonly everyMs?: number;
  /** Milliseconds since 1970. */
  readonly clock?: () => number;
}

export interface Archiving {
  /**
   * Writes all that waits, and resolves when it is in the archive. What is in the log and not taken yet is not part of it.
   * @throws ArchiveUnavailableError when it cannot be written now; it stays where it is
   */
  flush(): Promise<void>;
  /** Takes no more, and writes what waits if the archive lets it. Safe to call twice. */
  stop(): Promise<void>;
  /** What is wrong for good, for `/readyz`. */
  findUnready(): string[];
}

/**
 * Brings what is played into the archive, each play once, whatever is killed and whenever. While the archive or the database cannot be
 * written it waits: first plays in the database, then plays in the log.
 */
export function startArchiving(options: ArchivingOptions): Archiving {
  const { log, waiting, store, tryHold, logger, metrics, onCrash } = options;
  const { flushMs = 300_000, partPlays = 50_000, maxWaiting = 1_000_000 } = options;
  const { everyMs = 5_000, clock = Date.now } = options;
  const meter = meterArchive(metrics);
  const stopping = new AbortController();
  const stopped = new AbortController();
  let consumer: Consumer | null = null;
  let hold: Hold | null = null;
  let isFull = false;
  let preparedAt = Number.NEGATIVE_INFINITY;
  let trouble = false;
  // Of this process, or of one that held it before.
  let mayBeUnfinished = true;

  const dependencies: FlushDependencies = {
    ...{ waiting, store, partPlays, clock },
    onPart({ plays, bytes }) {
      meter.parts.inc();
      meter.plays.inc(plays);
      meter.bytes.inc(bytes);
      meter.flushedAt.set(clock() / 1_000);
    },
  };

  // One after another: what two write at once they write twice.
  let working: Promise<unknown> = Promise.resolve();
  function inTurn<Result>(work: () => Promise<Result>): Promise<Result> {
    const done = working.then(work);
    working = done.catch(() => {});
    return done;
  }

  async function flushAll(signal?: AbortSignal): Promise<void> {
    await finishParts({ ...dependencies, signal });
    await flushDays(await waiting.findWaiting(), { ...dependencies, signal });
  }

  async function look(): Promise<void> {
    if (clock() - preparedAt >= 3_600_000) {
      await waiting.prepare();
      preparedAt = clock();
      begin();
    }
    const days = await waiting.findWaiting();
    const total = days.reduce((sum, { plays }) => sum + plays, 0);
    isFull = total >= maxWaiting;
    meter.waiting.set(total);
    const since = Math.min(clock(), ...days.map((day) => day.since.getTime()));
    meter.waitingSeconds.set((clock() - since) / 1_000);
    if (!(await holds())) return;
    const stoppable = { ...dependencies, signal: stopping.signal };
    const due = planFlush(days, { partPlays, flushMs }, new Date(clock()));
    if (mayBeUnfinished) await finishParts(stoppable);
    mayBeUnfinished = due.length > 0;
    await flushDays(due, stoppable);
    mayBeUnfinished = false;
  }

  /** Whether this process is the one that writes parts. */
  async function holds(): Promise<boolean> {
    if (hold && !hold.lost.aborted) return true;
    hold = await tryHold('recommendations archive');
    if (!hold) return false;
    mayBeUnfinished = true;
    await store.tidy();
    return true;
  }

  function begin(): void {
    if (stopping.signal.aborted) return;
    consumer ??= startConsumer({
      ...{ log, group: archiveGroup, topics: [playEvents], logger, metrics, onCrash },
      handle: archivePlays(waiting, {
        clock,
        beforeTaking() {
          if (isFull) throw new TooManyWaitingError(maxWaiting);
        },
      }),
    });
  }

  async function run(): Promise<void> {
    while (!stopping.signal.aborted) {
      try {
        await inTurn(look);
        if (trouble) logger.info('plays are written to the archive again');
        trouble = false;
      } catch (error) {
        meter.failures.inc();
        if (!trouble) logger.error({ err: error }, 'plays cannot be written to the archive: they wait');
        trouble = true;
      }
      await pause(everyMs, stopping.signal);
    }
  }

  async function end(): Promise<void> {
    stopping.abort();
    await consumer?.stop();
    const enough = AbortSignal.timeout(lastFlushMs);
    const flushed = running
      .then(() => hold && inTurn(() => flushAll(enough)))
      .catch((error: unknown) =>
        logger.warn({ err: error }, 'what waits for the archive is written after the next start'),
      );
    await Promise.race([flushed, pause(lastFlushMs, stopped.signal)]);
    stopped.abort();
    await hold?.release();
  }

  const running = run();
  let ended: Promise<void> | undefined;
  return {
    flush: () => inTurn(() => flushAll()),
    stop() {
      ended ??= end();
      return ended;
    },
    findUnready: () => consumer?.findUnready() ?? [],
  };
}

/** A bucket that does not answer keeps no process from ending. */
const lastFlushMs = 10_000;

/** The archive has not been writable for long. It passes. */
class TooManyWaitingError extends Error {
  readonly transient = true;
  constructor(most: number) {
    super(`${most} plays wait for the archive already: more are not taken before these are written`);
    this.name = 'TooManyWaitingError';
  }
}
