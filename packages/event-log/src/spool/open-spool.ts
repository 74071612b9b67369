import type { Logger, Metrics } from '@medley/service';
import type { Appended, EventLog, LogRecord } from '../event-log.ts';
import { refuseTooLarge } from '../record-size.ts';
import { isRefusal, startDrain } from './drain.ts';
import { SpoolFullError, SpoolUnwritableError } from './errors.ts';
import { openSpoolDisk } from './spool-disk.ts';
import { createSpoolMetrics } from './spool-metrics.ts';
import { within } from './within.ts';

/** Where records are now. */
export type Kept =
  | {
      readonly kept: 'STORED';
      /** Where each lies in the log, in their order. */
      readonly places: readonly Appended[];
    }
  | { readonly kept: 'DEFERRED' };

/** A way to the log that goes on while the log is away. */
export interface Spool {
  /**
   * `STORED`: the log has the records. `DEFERRED`: the log did not answer in time, they are synced to the disk of this machine
   * and go to the log when it is back. The log may get them twice, also when this rejects: whoever must not act twice goes by the id
   * in the record. It keeps no order between what is deferred and what is stored meanwhile.
   * @throws SpoolFullError when there is no room for them or the disk does not take them: try again later
   * @throws RecordTooLargeError, UnknownTopicError
   */
  append(topic: string, records: readonly LogRecord[]): Promise<Kept>;
  look(): SpoolState;
  /** Ends what is under way; what waits goes to the log after the next start. Safe to call twice. */
  stop(): Promise<void>;
}

export interface SpoolState {
  readonly records: number;
  readonly bytes: number;
  /** How long the first of them has waited, in milliseconds; 0 when there is none. */
  readonly oldestAgeMs: number;
  /** Whether records go to the spool at the moment. */
  readonly logAway: boolean;
}

export interface SpoolOptions {
  /** Made when it is not there. Only one process can have it open, and only this one sends what waits in it. */
  readonly folder: string;
  readonly log: Pick<EventLog, 'append' | 'ping'>;
  /** What may wait, in bytes. The folder may be larger by some tens of megabytes. */
  readonly maxBytes: number;
  /** What has to stay free on the disk of the folder, in bytes; 64 MiB unless told otherwise. With less, nothing is kept. */
  readonly keepFreeBytes?: number;
  readonly metrics: Metrics;
  readonly logger: Logger;
  /** How long the log may take to confirm, in milliseconds; 500 unless told otherwise. */
  readonly logTimeoutMs?: number;
  /** Milliseconds since 1970. */
  readonly clock?: () => number;
}

/**
 * Opens a spool, and goes on sending what an earlier process left in it.
 *
 * A record first tries the log. When the log does not confirm within `logTimeoutMs` it is taken to be away: from then on records
 * go to the disk at once, and what waits there is tried again and again, oldest first, at least every two seconds. A topic that the
 * log does not know holds up what comes after it until it is made.
 * @throws Error when the folder cannot be opened, or is open already
 */
export async function openSpool(options: SpoolOptions): Promise<Spool> {
  const { folder, log, maxBytes, keepFreeBytes, logger, logTimeoutMs = 500, clock = Date.now } = options;
  const metrics = createSpoolMetrics(options.metrics);
  const disk = await openSpoolDisk({ folder, maxBytes, keepFreeBytes, clock, logger });
  const drain = startDrain({
    disk,
    log,
    logTimeoutMs,
    logger,
    onDrained(records) {
      metrics.drained.inc(records);
      measure();
    },
    onSetAside: (records) => metrics.setAside.inc(records),
  });

  function look(): SpoolState {
    const { records, bytes, oldest } = disk;
    const oldestAgeMs = oldest ? Math.max(0, clock() - oldest.getTime()) : 0;
    return { records, bytes, oldestAgeMs, logAway: drain.logAway };
  }

  function measure() {
    const { records, bytes, oldestAgeMs, logAway } = look();
    metrics.records.set(records);
    metrics.bytes.set(bytes);
    metrics.oldestAge.set(oldestAgeMs / 1_000);
    metrics.logAway.set(logAway ? 1 : 0);
  }
  const measuring = setInterval(measure, 1_000).unref();
  measure();

  async function store(topic: string, records: readonly LogRecord[]) {
    if (drain.logAway) return null;
    try {
      return await within(logTimeoutMs, log.append(topic, records));
    } catch (error) {
      if (isRefusal(error)) throw error;
      drain.lost(error);
      return null;
    }
  }

  async function defer(topic: string, records: readonly LogRecord[]) {
    try {
      await disk.add(topic, records);
    } catch (error) {
      const reason = error instanceof SpoolUnwritableError ? 'disk' : 'full';
      if (error instanceof SpoolFullError) metrics.refused.inc({ reason }, records.length);
      throw error;
    }
    metrics.deferred.inc(records.length);
    drain.wake();
  }

  async function close() {
    clearInterval(measuring);
    await drain.stop();
    await disk.close();
  }
  let closing: Promise<void> | null = null;

  return {
    async append(topic, records) {
      refuseTooLarge(records);
      if (closing) throw new SpoolUnwritableError('the spool is closed');
      const places = await store(topic, records);
      if (places) return { kept: 'STORED', places };
      await defer(topic, records);
      return { kept: 'DEFERRED' };
    },
    look,
    stop() {
      closing ??= close();
      return closing;
    },
  };
}
