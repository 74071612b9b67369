import type { FileHandle } from 'node:fs/promises';
import { crc32 } from 'node:zlib';

/** One part of a snapshot file: its length and checksum, four bytes each, and what is in it. */
const headLength = 8;
/** A larger length is damage: nothing that is written in one piece comes near it. */
const longestFrame = 1 << 30;

export async function writeFrame(file: FileHandle, content: Uint8Array): Promise<void> {
  const head = Buffer.alloc(headLength);
  head.writeUInt32LE(content.byteLength, 0);
  head.writeUInt32LE(crc32(content), 4);
  await file.writev([head, content]);
}

/**
 * @returns an array of its own memory, which may be looked at as numbers of any width
 * @throws Error when the file ends here or is damaged
 */
export async function readFrame(file: FileHandle): Promise<Uint8Array> {
  const head = await readExactly(file, headLength);
  const view = new DataView(head.buffer);
  const length = view.getUint32(0, true);
  if (length > longestFrame) throw new Error(`damaged: a part of ${length} bytes`);
  const content = await readExactly(file, length);
  if (crc32(content) !== view.getUint32(4, true)) throw new Error('damaged: a checksum is wrong');
  return content;
}

async function readExactly(file: FileHandle, length: number): Promise<Uint8Array> {
  const content = new Uint8Array(length);
  for (let at = 0; at < length; ) {
    const { bytesRead } = await file.read(content, at, length - at);
    if (bytesRead === 0) throw new Error('damaged: the file ends too early');
    at += bytesRead;
  }
  return content;
}
