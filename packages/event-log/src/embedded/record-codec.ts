import type { LogRecord } from '../event-log.ts';

/** A record without its place. */
export interface DecodedRecord {
  readonly time: Date;
  readonly key: string;
  readonly value: Buffer | null;
  readonly headers: Readonly<Record<string, string>>;
}

const format = 1;
const fixedBytes = 18;

/**
 * One byte of format, one that is 1 for a tombstone, the time in milliseconds (double), length of the key, length of the
 * headers, the key, the headers as JSON (nothing for none), the value.
 */
export function encodeRecord({ key, value, headers }: LogRecord, timeMs: number): Buffer {
  const keyBytes = Buffer.byteLength(key);
  const headerText = headers && Object.keys(headers).length > 0 ? JSON.stringify(headers) : '';
  const headerBytes = Buffer.byteLength(headerText);
  const valueAt = fixedBytes + keyBytes + headerBytes;
  const bytes = Buffer.allocUnsafe(valueAt + (value?.length ?? 0));
  bytes.writeUInt8(format, 0);
  bytes.writeUInt8(value === null ? 1 : 0, 1);
  bytes.writeDoubleBE(timeMs, 2);
  bytes.writeUInt32BE(keyBytes, 10);
  bytes.writeUInt32BE(headerBytes, 14);
  bytes.write(key, fixedBytes);
  bytes.write(headerText, fixedBytes + keyBytes);
  value?.copy(bytes, valueAt);
  return bytes;
}

export function decodeRecord(bytes: Buffer): DecodedRecord {
  if (bytes[0] !== format) throw new Error(`a stored record has format ${format}, got ${bytes[0]}`);
  const keyEnd = fixedBytes + bytes.readUInt32BE(10);
  const headersEnd = keyEnd + bytes.readUInt32BE(14);
  return {
    time: timeOf(bytes),
    key: bytes.toString('utf8', fixedBytes, keyEnd),
    value: bytes[1] === 1 ? null : bytes.subarray(headersEnd),
    headers: headersEnd === keyEnd ? {} : JSON.parse(bytes.toString('utf8', keyEnd, headersEnd)),
  };
}

/** Of an encoded record. */
export const timeOf = (bytes: Buffer) => new Date(bytes.readDoubleBE(2));
