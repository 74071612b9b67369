import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { access, constants, link, mkdir, open, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import { join, resolve } from 'node:path';
import { z } from 'zod';

/**
 * DATA_DIR belongs to one process at a time: two PGlites on one folder destroy it. Who holds it is written into
 * `holder.json`. A living holder is never evicted, however long it is silent; one that is dead is.
 */

const holderSchema = z.object({
  pid: z.int().positive(),
  host: z.string(),
  /** When the process was started, as its system counts; null where that cannot be told. Pids are used again. */
  processStart: z.string().nullable(),
  since: z.string(),
  /** Where the holder takes commands; null while it starts, and when it takes none. */
  control: z.object({ url: z.string(), secret: z.string() }).nullable(),
});

/** The process that holds a data folder. */
export type Holder = z.output<typeof holderSchema>;

const holderFile = (folder: string) => join(folder, 'holder.json');

/** Somebody else holds the folder; the message says who. */
export class DataFolderHeldError extends Error {
  readonly holder: Holder;

  constructor(folder: string, holder: Holder) {
    super(
      `${folder} is held by process ${holder.pid} on ${holder.host} since ${holder.since}. ` +
        (holder.host === hostname()
          ? 'Stop that process, or set DATA_DIR to another folder.'
          : `Whether it lives cannot be seen from here: if it does not, remove ${holderFile(folder)}.`),
    );
    this.name = 'DataFolderHeldError';
    this.holder = holder;
  }
}

export interface DataFolder {
  readonly path: string;
  /** Tells other processes where this one takes commands. */
  offerControl(control: NonNullable<Holder['control']>): Promise<void>;
  /** Lets go of it. */
  release(): Promise<void>;
}

/**
 * Takes a data folder, and makes it where there is none.
 * @throws DataFolderHeldError when a living process holds it
 * @throws Error that says what is in the way of writing there
 */
export async function holdDataFolder(folder: string): Promise<DataFolder> {
  const path = resolve(folder);
  await makeWritable(path);
  const me: Holder = {
    pid: process.pid,
    host: hostname(),
    processStart: readProcessStart(process.pid),
    since: new Date().toISOString(),
    control: null,
  };
  if (!(await tryToWrite(path, me))) await evictTheDead(path, me);
  return {
    path,
    async offerControl(control) {
      await replaceHolder(path, { ...me, control });
    },
    release: () => rm(holderFile(path), { force: true }),
  };
}

async function makeWritable(path: string): Promise<void> {
  try {
    await mkdir(path, { recursive: true, mode: 0o700 });
    await access(path, constants.R_OK | constants.W_OK | constants.X_OK);
  } catch (error) {
    const { code = '', message } = error as NodeJS.ErrnoException;
    const reasons: Readonly<Record<string, string>> = {
      EEXIST: 'it is a file',
      ENOTDIR: 'a part of the path is a file',
      EACCES: 'this user may not',
      EROFS: 'its file system is read-only',
    };
    throw new Error(
      `DATA_DIR must be a folder that can be written to, but ${path} is not: ${reasons[code] ?? message}`,
    );
  }
}

/** The living process that holds a data folder; null when there is none. */
export async function findHolder(folder: string): Promise<Holder | null> {
  const holder = await readHolder(resolve(folder));
  return holder && isAlive(holder) ? holder : null;
}

/** False when there is a holder already. */
async function tryToWrite(folder: string, me: Holder): Promise<boolean> {
  const aside = await writeAside(folder, me);
  try {
    // A link, unlike a rename, fails where the name is taken; and the file is whole from its first moment.
    await link(aside, holderFile(folder));
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  } finally {
    await rm(aside, { force: true });
  }
}

async function evictTheDead(folder: string, me: Holder): Promise<void> {
  // Two processes that find the same dead holder must not evict each other: one of them gets this file.
  const guard = join(folder, 'holder.evicting');
  const handle = await open(guard, 'wx', 0o600).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'EEXIST') throw error;
    throw new Error(`another process is taking over ${folder}; if there is none, remove ${guard}`);
  });
  try {
    const holder = await readHolder(folder);
    if (holder && isAlive(holder)) throw new DataFolderHeldError(folder, holder);
    await rm(holderFile(folder), { force: true });
    if (!(await tryToWrite(folder, me))) throw new Error(`another process took ${folder} just now`);
  } finally {
    await handle.close();
    await rm(guard, { force: true });
  }
}

async function replaceHolder(folder: string, holder: Holder): Promise<void> {
  await rename(await writeAside(folder, holder), holderFile(folder));
}

async function writeAside(folder: string, holder: Holder): Promise<string> {
  const aside = join(folder, `holder.${randomUUID()}`);
  await writeFile(aside, JSON.stringify(holder), { mode: 0o600 });
  return aside;
}

async function readHolder(folder: string): Promise<Holder | null> {
  try {
    return holderSchema.parse(JSON.parse(await readFile(holderFile(folder), 'utf8')));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
    throw new Error(`${holderFile(folder)} is damaged; if no Medley runs on ${folder}, remove it`);
  }
}

function isAlive(holder: Holder): boolean {
  // What runs on another host cannot be seen from here, so it counts as living.
  if (holder.host !== hostname()) return true;
  try {
    process.kill(holder.pid, 0);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
  return holder.processStart === readProcessStart(holder.pid);
}

/** Linux tells when a process began, in clock ticks since boot: the 22nd field, counted behind the name in brackets. */
function readProcessStart(pid: number): string | null {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    const boot = readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim();
    return `${boot}:${stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19]}`;
  } catch {
    return null;
  }
}
