import { z } from 'zod';
import type { DeadLetter } from '../consumer/dead-letter.ts';
import type { StoredRecord } from '../event-log.ts';
import {
  boundsOf,
  type DeadLetterLog,
  type DeadLetterRange,
  lettersIn,
  readRange,
  readResent,
} from './read.ts';

/** A dead letter, to be looked at. */
export interface ListedDeadLetter extends DeadLetter {
  /** Its place in the dead letters. */
  readonly place: bigint;
  readonly buriedAt: Date;
  readonly key: string;
  /** What can be told of the event; null where it is none. */
  readonly event: { readonly id: string; readonly type: string; readonly time: string } | null;
  /** The value as text, its first 4,000 characters; null for a tombstone, and where it was left out. */
  readonly text: string | null;
  readonly resent: boolean;
}

export interface DeadLetterList {
  /** Oldest first. */
  readonly letters: readonly ListedDeadLetter[];
  /** Where the next page begins; null when there is none. */
  readonly next: bigint | null;
}

/**
 * Dead letters of a topic, of all groups, oldest first: those that were not sent again, or all of them.
 * @throws UnknownTopicError, LogUnavailableError
 */
export async function listDeadLetters(
  log: DeadLetterLog,
  options: DeadLetterRange & {
    /** 1 or more; 100 unless told otherwise. */
    readonly limit?: number;
    /** Those that were sent again, too. */
    readonly withResent?: boolean;
    readonly filter?: (letter: ListedDeadLetter) => boolean;
  },
): Promise<DeadLetterList> {
  const { topic, limit = 100, withResent = false, filter = () => true, signal } = options;
  if (!Number.isInteger(limit) || limit < 1) throw new RangeError(`limit must be 1 or more, got ${limit}`);
  const bounds = await boundsOf(log, options);
  const resent = await readResent(log, topic, bounds, signal);
  const letters: ListedDeadLetter[] = [];
  for await (const records of readRange(log, topic, bounds, signal)) {
    for (const { record, letter } of lettersIn(records)) {
      const listed = toListed(record, letter, resent.has(record.offset));
      if ((listed.resent && !withResent) || !filter(listed)) continue;
      if (letters.length === limit) return { letters, next: listed.place };
      letters.push(listed);
    }
  }
  return { letters, next: null };
}

/** A dead letter with what can be told of its event. */
export const toListed = (record: StoredRecord, letter: DeadLetter, resent: boolean): ListedDeadLetter => ({
  ...letter,
  place: record.offset,
  buriedAt: record.time,
  key: record.key,
  event: readEvent(record.value),
  text: record.value?.toString('utf8', 0, 16_000).slice(0, 4_000) ?? null,
  resent,
});

const recognizable = z.object({ id: z.string(), type: z.string(), time: z.string() });

function readEvent(value: Buffer | null): ListedDeadLetter['event'] {
  if (value === null) return null;
  try {
    return recognizable.parse(JSON.parse(value.toString()));
  } catch {
    return null;
  }
}
