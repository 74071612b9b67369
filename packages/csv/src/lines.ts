import { isUtf8 } from 'node:buffer';
import { createReadStream } from 'node:fs';

/** A line of a text file, without its end. */
export interface Line {
  /** From 1. */
  readonly number: number;
  /** Null when it is not UTF-8, or longer than `maxLineBytes`. */
  readonly text: string | null;
  /** Bytes of the file up to here. */
  readonly bytesRead: number;
}

export const maxLineBytes = 1_048_576;

/** Reads a file by lines, whichever of LF and CRLF ends each; a byte order mark is left out. */
export async function* readLines(path: string): AsyncGenerator<Line> {
  let number = 0;
  let bytesRead = 0;
  let pending: Buffer[] = [];
  let pendingBytes = 0;
  const take = (last: Buffer): Line => {
    number += 1;
    const bytes = pending.length > 0 ? Buffer.concat([...pending, last]) : last;
    const tooLong = pendingBytes + last.length > maxLineBytes;
    pending = [];
    pendingBytes = 0;
    return { number, text: tooLong || !isUtf8(bytes) ? null : decode(bytes, number), bytesRead };
  };
  for await (const chunk of createReadStream(path, { highWaterMark: 262_144 }) as AsyncIterable<Buffer>) {
    let start = 0;
    for (let end = chunk.indexOf(lineFeed); end >= 0; end = chunk.indexOf(lineFeed, start)) {
      bytesRead += end + 1 - start;
      yield take(chunk.subarray(start, end));
      start = end + 1;
    }
    const rest = chunk.subarray(start);
    bytesRead += rest.length;
    // Of a line that is too long nothing is kept, only its length.
    if (pendingBytes + rest.length <= maxLineBytes) pending.push(Buffer.from(rest));
    else pending = [];
    pendingBytes += rest.length;
  }
  if (pendingBytes > 0) yield take(Buffer.alloc(0));
}

function decode(bytes: Buffer, number: number): string {
  const text = bytes.toString('utf8');
  const start = number === 1 && text.startsWith('\ufeff') ? 1 : 0;
  return text.slice(start, text.endsWith('\r') ? -1 : undefined);
}

const lineFeed = 0x0a;
