import { isUtf8 } from 'node:buffer';
import { basename } from 'node:path';
import { UnusableSourceError } from '@medley/csv';

/** An item of a JSON array; or why there is none. */
export type JsonItem = {
  /** From 0. */
  readonly item: number;
  /** From 1: where it begins. */
  readonly line: number;
  /** Bytes of the file up to its end. */
  readonly bytesRead: number;
} & ({ readonly value: unknown } | { readonly reason: string });

const maxItemBytes = 4_194_304;

/** Cuts a JSON array into its items; it looks at brackets, quotes and commas only, and leaves the rest to JSON.parse. */
export function createItemScanner(path: string) {
  let place: 'before' | 'between' | 'within' | 'after' | 'done' = 'before';
  let line = 1;
  let bytesRead = 0;
  let item = -1;
  let itemLine = 1;
  let depth = 0;
  let quoted = false;
  let escaped = false;
  let parts: Buffer[] = [];
  let itemBytes = 0;

  const keep = (part: Buffer) => {
    itemBytes += part.length;
    // Of an item that is too long nothing is kept, only its length.
    if (itemBytes > maxItemBytes) parts = [];
    else parts.push(Buffer.from(part));
  };

  const begin = (byte: number) => {
    place = 'within';
    item += 1;
    itemLine = line;
    depth = isOpening(byte) ? 1 : 0;
    quoted = byte === quote;
    escaped = false;
  };

  const finish = (bytes: number): JsonItem => {
    const read = { item, line: itemLine, bytesRead: bytes, ...parseItem(parts, itemBytes) };
    parts = [];
    itemBytes = 0;
    return read;
  };

  /** Whether the item ends before this byte. */
  const endsAt = (byte: number): boolean => {
    if (quoted) {
      if (escaped) escaped = false;
      else if (byte === backslash) escaped = true;
      else if (byte === quote) quoted = false;
      return false;
    }
    if (depth === 0) {
      if (byte === comma || byte === closingBracket) return true;
    } else if (isClosing(byte)) depth -= 1;
    if (byte === quote) quoted = true;
    else if (isOpening(byte)) depth += 1;
    return false;
  };

  return {
    *scan(chunk: Buffer): Generator<JsonItem> {
      let start = 0;
      for (let at = 0; at < chunk.length; at += 1) {
        const byte = chunk[at] as number;
        if (byte === lineFeed) line += 1;
        if (place === 'within') {
          if (!endsAt(byte)) continue;
          keep(chunk.subarray(start, at));
          yield finish(bytesRead + at);
          place = byte === comma ? 'between' : 'after';
        } else if (isBlank(byte) || place === 'done') {
          // Nothing that matters.
        } else if (place === 'before') {
          if (byte === byteOrderMark[bytesRead + at]) continue;
          if (byte !== openingBracket) throw notAnArray(path);
          place = 'between';
        } else if (place === 'after') {
          yield {
            item: item + 1,
            line,
            bytesRead: bytesRead + at,
            reason: 'text after the end of the array',
          };
          place = 'done';
        } else if (byte === closingBracket) place = 'after';
        else if (byte !== comma) {
          begin(byte);
          start = at;
        }
      }
      if (place === 'within') keep(chunk.subarray(start));
      bytesRead += chunk.length;
    },

    *end(): Generator<JsonItem> {
      if (place === 'before') throw notAnArray(path);
      if (place === 'after' || place === 'done') return;
      const reason = 'the file ends before its array does';
      yield { item: Math.max(item, 0), line: place === 'within' ? itemLine : line, bytesRead, reason };
    },
  };
}

function parseItem(parts: readonly Buffer[], size: number): { value: unknown } | { reason: string } {
  if (size > maxItemBytes) return { reason: `the item is longer than ${maxItemBytes} bytes` };
  const bytes = Buffer.concat(parts);
  if (!isUtf8(bytes)) return { reason: 'the item is not UTF-8' };
  try {
    return { value: JSON.parse(bytes.toString('utf8')) };
  } catch {
    return { reason: 'the item is not valid JSON' };
  }
}

const notAnArray = (path: string) =>
  new UnusableSourceError(`${basename(path)} does not hold a JSON array of track objects`);

const isBlank = (byte: number) => byte === 0x20 || byte === lineFeed || byte === 0x0d || byte === 0x09;
const isOpening = (byte: number) => byte === openingBrace || byte === openingBracket;
const isClosing = (byte: number) => byte === closingBrace || byte === closingBracket;

const byteOrderMark = [0xef, 0xbb, 0xbf];
const lineFeed = 0x0a;
const quote = 0x22;
const comma = 0x2c;
const openingBracket = 0x5b;
const backslash = 0x5c;
const closingBracket = 0x5d;
const openingBrace = 0x7b;
const closingBrace = 0x7d;
