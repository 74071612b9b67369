import { type LogRecord, maxRecordBytes, type StoredRecord } from '../event-log.ts';
import { sizeOf } from '../record-size.ts';

/** Why a record became a dead letter: no event of its contract, the handler failed on it, or the handler refused it. */
export type DeadLetterCause = 'poison' | 'failed' | 'refused';

/** What was tried, and how it ended. */
export interface Failure {
  readonly cause: DeadLetterCause;
  /** In words for operators. */
  readonly reason: string;
  /** How often the handler was called with the record; 0 for poison. */
  readonly attempts: number;
  readonly firstAt: Date;
  readonly lastAt: Date;
}

/** A record that a group could not take, with where it came from. */
export interface DeadLetter extends Failure {
  readonly group: string;
  /** Where the record lies, as long as its topic keeps it. */
  readonly topic: string;
  readonly partition: number;
  readonly offset: bigint;
  /** When it was appended there. */
  readonly time: Date;
  /** The record was too large to be kept beside the reason: it is only where it lies. */
  readonly leftOut: boolean;
}

const prefix = 'dead-letter-';

/** The record to append to the dead letters: the original with its headers, and headers that say why. */
export function toDeadLetter(record: StoredRecord, group: string, failure: Failure): LogRecord {
  const { topic, partition, offset, key, value, headers, time } = record;
  const told = {
    topic,
    partition: String(partition),
    offset: String(offset),
    time: time.toISOString(),
    group,
    cause: failure.cause,
    reason: shorten(failure.reason),
    attempts: String(failure.attempts),
    'first-failure': failure.firstAt.toISOString(),
    'last-failure': failure.lastAt.toISOString(),
  };
  const why = Object.fromEntries(Object.entries(told).map(([name, text]) => [prefix + name, text]));
  const whole = { key, value, headers: { ...headers, ...why } };
  if (sizeOf(whole) <= maxRecordBytes) return whole;
  return { key: shorten(key), value: null, headers: { ...why, [`${prefix}value`]: 'left out' } };
}

/** What the headers of a dead letter say; null for a record that is none. */
export function readDeadLetter(record: StoredRecord): DeadLetter | null {
  const read = (name: string) => record.headers[prefix + name];
  const [topic, partition, offset, group] = ['topic', 'partition', 'offset', 'group'].map(read);
  if (!topic || !group || !digits.test(partition ?? '') || !digits.test(offset ?? '')) return null;
  const date = (name: string) => {
    const time = new Date(read(name) ?? '');
    return Number.isNaN(time.getTime()) ? record.time : time;
  };
  return {
    group,
    topic,
    partition: Number(partition),
    offset: BigInt(offset ?? ''),
    time: date('time'),
    cause: causes.find((cause) => cause === read('cause')) ?? 'failed',
    reason: read('reason') ?? '',
    attempts: Number(read('attempts')) || 0,
    firstAt: date('first-failure'),
    lastAt: date('last-failure'),
    leftOut: read('value') !== undefined,
  };
}

/** The headers that a record had before it became a dead letter. */
export const headersBefore = (headers: StoredRecord['headers']): Record<string, string> =>
  Object.fromEntries(Object.entries(headers).filter(([name]) => !name.startsWith(prefix)));

const causes: readonly DeadLetterCause[] = ['poison', 'failed', 'refused'];
const digits = /^\d+$/;
const shorten = (text: string) => (text.length > 1_000 ? `${text.slice(0, 997)}...` : text);
