import { decodeRecord, encodeRecord } from '../embedded/record-codec.ts';
import type { LogRecord } from '../event-log.ts';

/** A record that waits. */
export interface SpoolEntry {
  readonly topic: string;
  readonly record: LogRecord;
  /** When it came. */
  readonly time: Date;
}

/** The length of the topic's name in two bytes, the name, the record as the embedded log keeps it. */
export function encodeEntry(topic: string, record: LogRecord, timeMs: number): Buffer {
  const name = Buffer.from(topic);
  const length = Buffer.allocUnsafe(2);
  length.writeUInt16BE(name.length);
  return Buffer.concat([length, name, encodeRecord(record, timeMs)]);
}

export function decodeEntry(bytes: Buffer): SpoolEntry {
  const nameEnd = 2 + bytes.readUInt16BE(0);
  const { time, key, value, headers } = decodeRecord(bytes.subarray(nameEnd));
  return { topic: bytes.toString('utf8', 2, nameEnd), record: { key, value, headers }, time };
}
