import type { Logger } from '@medley/service';
import type { EventLog, StoredRecord } from '../event-log.ts';
import { type Failure, toDeadLetter } from './dead-letter.ts';
import type { ConsumerMeter } from './metrics.ts';
import type { WaitOut } from './wait-out.ts';

/** A record that the group cannot take, and why. */
export interface Casualty {
  readonly record: StoredRecord;
  readonly failure: Failure;
}

/**
 * Appends records to the dead letters of their topic. While that cannot be done the partition waits, whatever the reason: to go on
 * would be to lose them.
 * @throws HandlingStopped
 */
export type Bury = (casualties: readonly Casualty[], signal: AbortSignal) => Promise<void>;

export interface BuryOptions {
  readonly log: Pick<EventLog, 'append'>;
  readonly group: string;
  /** The topic to append to. */
  readonly deadLetters: string;
  readonly waitOut: WaitOut;
  readonly logger: Logger;
  readonly meter: ConsumerMeter;
}

export function createBury({ log, group, deadLetters, waitOut, logger, meter }: BuryOptions): Bury {
  return async (casualties, signal) => {
    const [first] = casualties;
    if (!first) return;
    const records = casualties.map(({ record, failure }) => toDeadLetter(record, group, failure));
    await waitOut(
      signal,
      () => log.append(deadLetters, records),
      () => true,
    );
    for (const { failure } of casualties) meter.deadLetter(failure.cause);
    const { partition, offset } = first.record;
    const { cause, reason } = first.failure;
    logger.error(
      { partition, offset: String(offset), cause, reason, records: records.length },
      'records went to the dead letters; the first is named',
    );
  };
}
