import { RecordTooLargeError } from './errors.ts';
import { type LogRecord, maxRecordBytes } from './event-log.ts';

/** What a record takes with its key and headers, in bytes. */
export function sizeOf({ key, value, headers = {} }: LogRecord): number {
  let bytes = Buffer.byteLength(key) + (value?.length ?? 0);
  for (const [name, text] of Object.entries(headers))
    bytes += Buffer.byteLength(name) + Buffer.byteLength(text);
  return bytes;
}

/** @throws RecordTooLargeError when there is one that no log takes */
export function refuseTooLarge(records: readonly LogRecord[]): void {
  for (const record of records) {
    const bytes = sizeOf(record);
    if (bytes > maxRecordBytes) throw new RecordTooLargeError(bytes, maxRecordBytes);
  }
}
