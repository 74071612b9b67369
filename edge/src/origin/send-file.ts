import { createReadStream } from 'node:fs';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { parseRange, resolveRange } from '../http/byte-range.ts';

export interface ServedFile {
  readonly content: { readonly file: string } | { readonly bytes: Buffer };
  readonly sizeBytes: number;
  readonly etag: string;
  readonly contentType: string;
}

/** Sends the file, or the range asked for. */
export async function sendFile(
  request: IncomingMessage,
  response: ServerResponse,
  { content, sizeBytes, etag, contentType, lastModified }: ServedFile & { lastModified: string },
): Promise<void> {
  const asked = parseRange(request.headers.range);
  const range = resolveRange(asked, sizeBytes);
  if (!range) {
    response.writeHead(416, { 'Content-Range': `bytes */${sizeBytes}` }).end();
    return;
  }
  const { first, last } = range;
  response.writeHead(asked.kind === 'whole' ? 200 : 206, {
    'Accept-Ranges': 'bytes',
    'Content-Type': contentType,
    'Content-Length': last - first + 1,
    ...(asked.kind !== 'whole' && { 'Content-Range': `bytes ${first}-${last}/${sizeBytes}` }),
    ETag: etag,
    'Last-Modified': lastModified,
  });
  if (request.method === 'HEAD') {
    response.end();
    return;
  }
  const body =
    'file' in content
      ? createReadStream(content.file, { start: first, end: last, highWaterMark: 256 * 1024 })
      : Readable.from([content.bytes.subarray(first, last + 1)]);
  await pipeline(body, response).catch((error: NodeJS.ErrnoException) => {
    // The edge left before the end; nobody is owed anything.
    if (error.code !== 'ERR_STREAM_PREMATURE_CLOSE') throw error;
  });
}

export function notFound(response: ServerResponse): void {
  response.writeHead(404).end();
}
