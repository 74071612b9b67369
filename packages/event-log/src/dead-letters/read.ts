import { deadLetterTopicOf } from '@medley/events';
import { type DeadLetter, readDeadLetter } from '../consumer/dead-letter.ts';
import type { EventLog, StoredRecord } from '../event-log.ts';

/** What reads dead letters. */
export type DeadLetterLog = Pick<EventLog, 'append' | 'admin'>;

/** Which dead letters. */
export interface DeadLetterRange {
  /** The topic in which the records were, such as `streaming.play-events.v1`. */
  readonly topic: string;
  /** From this place in the dead letters on, or from those of this time on; from the first that is kept by default. */
  readonly from?: bigint | Date;
  readonly signal?: AbortSignal;
}

/** A dead letter as it lies there. */
export interface Found {
  readonly record: StoredRecord;
  readonly letter: DeadLetter;
}

/** Says of which dead letters that they were sent again; it lies among them, later than they. */
export const resentHeader = 'dead-letters-resent';

/** The places between which a range lies: from, inclusive, and up to what is there now. */
export async function boundsOf(
  log: DeadLetterLog,
  { topic, from }: DeadLetterRange,
): Promise<{ readonly low: bigint; readonly high: bigint }> {
  const { name } = deadLetterTopicOf({ name: topic });
  const [first] = await log.admin.offsets(name);
  const { low, high } = first ?? { low: 0n, high: 0n };
  if (from === undefined) return { low, high };
  const wanted =
    typeof from === 'bigint' ? from : ((await log.admin.offsetsAt(name, from))[0]?.offset ?? high);
  return { low: wanted > low ? wanted : low, high };
}

/** Reads the records of the dead letters in their order, some at a time, and stops when the signal is aborted. */
export async function* readRange(
  log: DeadLetterLog,
  topic: string,
  { low, high }: { readonly low: bigint; readonly high: bigint },
  signal?: AbortSignal,
): AsyncGenerator<readonly StoredRecord[]> {
  const { name } = deadLetterTopicOf({ name: topic });
  for (let next = low; next < high && !signal?.aborted; ) {
    const records = await log.admin.read(name, 0, next, 500);
    const last = records.at(-1);
    if (!last) return;
    next = last.offset + 1n;
    yield records.filter(({ offset }) => offset < high);
  }
}

/** The places of the dead letters that were sent again. */
export async function readResent(
  log: DeadLetterLog,
  topic: string,
  bounds: { readonly low: bigint; readonly high: bigint },
  signal?: AbortSignal,
): Promise<ReadonlySet<bigint>> {
  const resent = new Set<bigint>();
  for await (const records of readRange(log, topic, bounds, signal))
    for (const { headers } of records)
      for (const place of headers[resentHeader]?.split(',') ?? []) resent.add(BigInt(place));
  return resent;
}

/** The dead letters among records. */
export const lettersIn = (records: readonly StoredRecord[]): Found[] =>
  records.flatMap((record) => {
    const letter = readDeadLetter(record);
    return letter ? [{ record, letter }] : [];
  });
