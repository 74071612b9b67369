import type { StreamedResult } from '../subscription-handler.ts';

/** A result as it goes to a client; the same object for all who are told the same. */
export type ResultText = Pick<StreamedResult, 'text'>;

/** A message of graphql-transport-ws, framed for the wire, in two pieces: thousands of clients share the first, which is nearly all of it. */
export type ResultFrame = readonly [shared: Buffer, own: Buffer];

/** What of a message differs from client to client stands last in it. @param idJson the id of the operation, as JSON */
export const toFrameEnd = (idJson: string): Buffer => Buffer.from(`,"id":${idJson}}`);

// Of each result by the length of the ends: ids mostly have one length.
const beginnings = new WeakMap<ResultText, Map<number, Buffer>>();

export function toResultFrame(result: ResultText, end: Buffer): ResultFrame {
  let byEnd = beginnings.get(result);
  if (!byEnd) {
    byEnd = new Map();
    beginnings.set(result, byEnd);
  }
  let beginning = byEnd.get(end.length);
  if (!beginning) {
    const json = Buffer.from(`{"type":"next","payload":${result.text}`);
    beginning = Buffer.concat([textFrameHeader(json.length + end.length), json]);
    byEnd.set(end.length, beginning);
  }
  return [beginning, end];
}

/** Of an unmasked text frame that is a whole message: RFC 6455, section 5.2. */
function textFrameHeader(bytes: number): Buffer {
  if (bytes < 126) return Buffer.of(0x81, bytes);
  if (bytes < 65_536) return Buffer.of(0x81, 126, bytes >> 8, bytes & 0xff);
  const header = Buffer.alloc(10);
  header.set([0x81, 127]);
  header.writeBigUInt64BE(BigInt(bytes), 2);
  return header;
}
