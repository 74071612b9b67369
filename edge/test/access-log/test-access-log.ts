import { appendFile, copyFile, mkdtemp, rename, rm, truncate } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { fetchLine, requestLine } from './lines.ts';

export type TestAccessLog = Awaited<ReturnType<typeof openTestAccessLog>>;

/** An access log in a folder of its own, of which it is known what is in it. */
export async function openTestAccessLog() {
  const folder = await mkdtemp(join(tmpdir(), 'medley-access-'));
  const path = join(folder, 'access.log');
  const written = { requests: 0, bytesSent: 0, originFetches: 0, originBytes: 0, malformed: 0 };
  let rotations = 0;
  /** The second half of a line of which the first is in the file. */
  let pending = '';

  async function write(text: string): Promise<void> {
    await appendFile(path, pending + text);
    pending = '';
  }
  function request(): string {
    written.requests += 1;
    written.bytesSent += written.requests;
    return requestLine({ bytesSent: written.requests });
  }

  return {
    folder,
    path,
    /** What there is of whole lines, and of lines that cannot be read. */
    written,
    async requests(count: number) {
      await write(Array.from({ length: count }, request).join(''));
    },
    async fetch() {
      written.originFetches += 1;
      written.originBytes += 524_288;
      await write(fetchLine());
    },
    async rubbish(length = 20) {
      written.malformed += 1;
      await write(`${'x'.repeat(length)}\n`);
    },
    /** Half of a line; what is written next begins with the other half. */
    async half() {
      if (pending) return;
      const line = request();
      await write(line.slice(0, 100));
      pending = line.slice(100);
    },
    /** As logrotate does it: `access.log.1` is the one before, higher ones are older. */
    async rotate() {
      if (pending) {
        // Whoever wrote was killed.
        written.malformed += 1;
        written.bytesSent -= written.requests;
        written.requests -= 1;
        pending = '';
      }
      for (let number = rotations; number > 0; number -= 1)
        await rename(`${path}.${number}`, `${path}.${number + 1}`);
      await rename(path, `${path}.1`);
      rotations += 1;
      // The clock of a file system goes in steps.
      await pause(10);
    },
    async copyAndTruncate() {
      await copyFile(path, `${path}.1`);
      await truncate(path);
    },
    close: () => rm(folder, { recursive: true, force: true }),
  };
}
