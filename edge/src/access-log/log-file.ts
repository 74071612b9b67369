import { createHash } from 'node:crypto';
import { type FileHandle, open } from 'node:fs/promises';

/** One file of an access log, open, wherever it is renamed to. */
export interface LogFile {
  /** Where it was when it was opened. */
  readonly path: string;
  readonly inode: number;
  /** Of its beginning, which never changes: it tells the file from all others, also from one that got its inode. */
  readonly head: string;
  /** When it was written last, in milliseconds since 1970, and how long it is. */
  stat(): Promise<{ readonly writtenAt: number; readonly size: number }>;
  /** Up to `buffer.length` bytes from there on; fewer at its end only. */
  read(offset: number, buffer: Buffer): Promise<Buffer>;
  /** What `head` would be if it were opened now: another one when somebody has emptied it and written anew. */
  readHead(): Promise<string | undefined>;
  close(): Promise<void>;
}

const headBytes = 1_024;

/** Undefined when there is no such file, or not so much in it that it can be told from others: one line, or 1 KB. */
export async function openLogFile(path: string): Promise<LogFile | undefined> {
  let handle: FileHandle;
  try {
    handle = await open(path, 'r');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
  const head = await readHead(handle);
  if (head === undefined) {
    await handle.close();
    return undefined;
  }
  const { ino: inode } = await handle.stat();
  return {
    path,
    inode,
    head,
    async stat() {
      const { size, mtimeMs: writtenAt } = await handle.stat();
      return { size, writtenAt };
    },
    read: (offset, buffer) => readFully(handle, offset, buffer),
    readHead: () => readHead(handle),
    close: () => handle.close(),
  };
}

async function readHead(handle: FileHandle): Promise<string | undefined> {
  const beginning = await readFully(handle, 0, Buffer.alloc(headBytes));
  const line = beginning.indexOf('\n') + 1;
  if (line === 0 && beginning.length < headBytes) return undefined;
  const head = line === 0 ? beginning : beginning.subarray(0, line);
  return createHash('sha256').update(head).digest('hex').slice(0, 32);
}

async function readFully(handle: FileHandle, offset: number, buffer: Buffer): Promise<Buffer> {
  let filled = 0;
  while (filled < buffer.length) {
    const { bytesRead } = await handle.read(buffer, filled, buffer.length - filled, offset + filled);
    if (bytesRead === 0) break;
    filled += bytesRead;
  }
  return buffer.subarray(0, filled);
}
