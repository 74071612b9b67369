import { type ICustomPartitioner, type Message, Partitioners } from 'kafkajs';
import type { Appended, LogRecord } from '../event-log.ts';
import { sizeOf } from '../record-size.ts';

/** A record on its way. */
export interface Outgoing extends Message {
  readonly bytes: number;
  /** Set when it is first sent, and kept: what is sent again goes to the same partition. */
  partition?: number;
  /** Set when Kafka has it. */
  offset?: bigint;
}

export const toOutgoing = (record: LogRecord, time: number): Outgoing => ({
  key: Buffer.from(record.key),
  value: record.value,
  headers: { ...record.headers },
  // Sent again it is of the same time.
  timestamp: String(time),
  bytes: sizeOf(record),
});

/** Murmur2 of the key, as Kafka's own clients do it, so that every producer puts a key into the same partition. */
export const createPartitioner: ICustomPartitioner = () => {
  const choose = Partitioners.DefaultPartitioner();
  return (question) => {
    const message = question.message as Outgoing;
    message.partition ??= choose(question);
    return message.partition;
  };
};

/** Notes where Kafka put them: in each partition one after the other, in the order in which they were sent. */
export function noteOffsets(
  records: readonly Outgoing[],
  answers: readonly { readonly partition: number; readonly baseOffset?: string }[],
): void {
  const next = new Map(answers.map(({ partition, baseOffset }) => [partition, BigInt(baseOffset ?? 0)]));
  for (const record of records) {
    const offset = next.get(record.partition ?? -1);
    if (offset === undefined) continue;
    record.offset = offset;
    next.set(record.partition ?? -1, offset + 1n);
  }
}

export const placeOf = (topic: string, { partition, offset }: Outgoing): Appended => {
  if (partition === undefined || offset === undefined)
    throw new Error('expected a record that Kafka has confirmed');
  return { topic, partition, offset };
};
