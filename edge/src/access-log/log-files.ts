import { readdir, stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { type LogFile, openLogFile } from './log-file.ts';

/** An access log: the file that is written, and what it was renamed to when it was rotated (`access.log.1`, `access.log-20261123`). */
export interface LogFiles {
  /** The file of that head, wherever it is now; undefined when it is gone. */
  find(known: { readonly inode: number; readonly head: string }): Promise<LogFile | undefined>;
  /**
   * The next to be read: of the renamed files written after that time the oldest, else the one that is written now. Undefined when
   * there is none yet that has a line.
   * @param options.writtenAfter in milliseconds since 1970; Infinity for the one that is written now
   * @param options.told heads of files that were read to their ends
   */
  next(options: {
    readonly writtenAfter: number;
    readonly told: readonly string[];
  }): Promise<LogFile | undefined>;
  /** Renamed files written after that time that cannot be read, because they were compressed. */
  findCompressed(writtenAfter: number): Promise<readonly string[]>;
}

/** @param path of the file that is written, such as `/var/log/edge/access.log` */
export function createLogFiles(path: string): LogFiles {
  const folder = dirname(path);
  const prefix = `${basename(path)}`;

  /** By when they were written last, the oldest first. */
  async function listRenamed(): Promise<readonly Renamed[]> {
    const names = await readdir(folder).catch(ignoreMissing);
    const renamed = names?.filter((name) => name !== prefix && /^[.-]/.test(afterPrefix(name))) ?? [];
    const stats = await Promise.all(
      renamed.map(async (name) => {
        const found = await stat(join(folder, name)).catch(ignoreMissing);
        return found?.isFile()
          ? [{ path: join(folder, name), inode: found.ino, writtenAt: found.mtimeMs }]
          : [];
      }),
    );
    return stats.flat().sort((a, b) => a.writtenAt - b.writtenAt || (a.path < b.path ? 1 : -1));
  }
  const afterPrefix = (name: string) => (name.startsWith(prefix) ? name.slice(prefix.length) : '');

  return {
    async find({ inode, head }) {
      const renamed = await listRenamed();
      const likely = renamed.filter((file) => file.inode === inode);
      // One that was copied to its new name has another inode.
      for (const candidate of [path, ...[...likely, ...renamed].map((file) => file.path)]) {
        const file = await openLogFile(candidate);
        if (file?.head === head) return file;
        await file?.close();
      }
      return undefined;
    },
    async next({ writtenAfter, told }) {
      const renamed = await listRenamed();
      const later = renamed.filter(
        ({ path: name, writtenAt }) => writtenAt > writtenAfter && !isCompressed(name),
      );
      for (const candidate of [...later.map((file) => file.path), path]) {
        const file = await openLogFile(candidate);
        if (file && !told.includes(file.head)) return file;
        await file?.close();
      }
      return undefined;
    },
    async findCompressed(writtenAfter) {
      const renamed = await listRenamed();
      return renamed
        .filter(({ path: name, writtenAt }) => writtenAt > writtenAfter && isCompressed(name))
        .map((file) => file.path);
    },
  };
}

interface Renamed {
  readonly path: string;
  readonly inode: number;
  readonly writtenAt: number;
}

const isCompressed = (name: string) => /\.(gz|bz2|xz|zst|lz4)$/.test(name);

function ignoreMissing(error: NodeJS.ErrnoException): undefined {
  if (error.code !== 'ENOENT') throw error;
}
