import { deadLetterTopicOf, retryTopicOf } from '@medley/events';
import { type DeadLetter, headersBefore } from '../consumer/dead-letter.ts';
import { onlyGroupHeader } from '../consumer/parse.ts';
import { type LogRecord, maxRecordBytes } from '../event-log.ts';
import { sizeOf } from '../record-size.ts';
import { type ListedDeadLetter, toListed } from './list.ts';
import {
  boundsOf,
  type DeadLetterLog,
  type DeadLetterRange,
  type Found,
  lettersIn,
  readRange,
  readResent,
  resentHeader,
} from './read.ts';

/** How far sending again has come. */
export interface ResendProgress {
  /** Dead letters that were looked at, of how many records there are. */
  readonly seen: number;
  readonly of: number;
  readonly resent: number;
  /** Were sent again before, also by a call that was interrupted. */
  readonly resentBefore: number;
  readonly filteredOut: number;
  /** Were too large to be kept beside the reason, and their topic has forgotten them. */
  readonly gone: number;
}

/**
 * Sends dead letters to the group that had failed on them, once more, by `<topic>.retry`: each as it was, under its key. Nobody else gets
 * them. Those that were sent before are left alone, so it can be interrupted and called again: at most 100 are sent twice. It
 * looks at what is there when it is called; what fails again becomes a new dead letter.
 * @returns what was done; when the signal was aborted, as far as it came
 * @throws UnknownTopicError, LogUnavailableError
 */
export async function resendDeadLetters(
  log: DeadLetterLog,
  options: DeadLetterRange & {
    readonly filter?: (letter: ListedDeadLetter) => boolean;
    /** Only those before this place. */
    readonly upTo?: bigint;
    readonly onProgress?: (progress: ResendProgress) => void;
  },
): Promise<ResendProgress> {
  const { topic, filter = () => true, upTo, onProgress = () => {}, signal } = options;
  const { low, high } = await boundsOf(log, options);
  const resentBefore = await readResent(log, topic, { low, high }, signal);
  const bounds = { low, high: upTo !== undefined && upTo < high ? upTo : high };
  const of = bounds.high > low ? Number(bounds.high - low) : 0;
  const done = { seen: 0, of, resent: 0, resentBefore: 0, filteredOut: 0, gone: 0 };

  for await (const records of readRange(log, topic, bounds, signal)) {
    const wanted = lettersIn(records).filter(({ record, letter }) => {
      const listed = toListed(record, letter, resentBefore.has(record.offset));
      if (listed.resent) done.resentBefore += 1;
      else if (!filter(listed)) done.filteredOut += 1;
      else return true;
      return false;
    });
    for (let at = 0; at < wanted.length && !signal?.aborted; at += batchSize) {
      const sent = await resend(log, topic, wanted.slice(at, at + batchSize));
      done.resent += sent.resent;
      done.gone += sent.gone;
      onProgress({ ...done });
    }
    if (signal?.aborted) break;
    done.seen += records.length;
    onProgress({ ...done });
  }
  return done;
}

const batchSize = 100;

/** Sends first and notes then: what is between is sent twice, never lost. */
async function resend(log: DeadLetterLog, topic: string, letters: readonly Found[]) {
  const originals = await Promise.all(letters.map((found) => readOriginal(log, found)));
  const records = originals.filter((record) => record !== null);
  const places = letters.filter((_, index) => originals[index]).map(({ record }) => record.offset);
  if (records.length > 0) {
    await log.append(retryTopicOf({ name: topic }).name, records);
    const note = { key: 'resent', value: null, headers: { [resentHeader]: places.join(',') } };
    await log.append(deadLetterTopicOf({ name: topic }).name, [note]);
  }
  return { resent: records.length, gone: letters.length - records.length };
}

/** The record as the group got it; null when nobody has it any more. */
async function readOriginal(log: DeadLetterLog, { record, letter }: Found): Promise<LogRecord | null> {
  if (!letter.leftOut) {
    return forOnly(letter, { key: record.key, value: record.value, headers: headersBefore(record.headers) });
  }
  const [original] = await log.admin.read(letter.topic, letter.partition, letter.offset, 1);
  return original?.offset === letter.offset ? forOnly(letter, original) : null;
}

function forOnly({ group }: DeadLetter, { key, value, headers = {} }: LogRecord): LogRecord {
  const named = { key, value, headers: { ...headers, [onlyGroupHeader]: group } };
  // A record at the limit has no room for the name: then all groups get it, as they may get any record twice.
  return sizeOf(named) <= maxRecordBytes ? named : { key, value, headers };
}
