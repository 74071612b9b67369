import { randomUUID } from 'node:crypto';
import { type FileHandle, mkdir, open, readdir, rename, rm, stat } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { type ArchiveFile, type ArchiveStore, ArchiveUnavailableError } from '../domain/archive-store.ts';

/**
 * The archive in a folder, which is made when it is needed. A file is written beside, under `.partial/`, and renamed into its place once
 * the disk has it.
 */
export function createFolderArchive(folder: string): ArchiveStore {
  const root = resolve(folder);
  const partial = join(root, '.partial');
  const under = new Set<string>();

  async function writeAside(path: string, content: Uint8Array): Promise<void> {
    await mkdir(partial, { recursive: true });
    const file = await open(path, 'wx');
    try {
      await file.writeFile(content);
      await file.sync();
    } finally {
      await file.close();
    }
  }

  return {
    url: pathToFileURL(root).href,

    write: (name, content) =>
      orUnavailable(`${name} cannot be written`, async () => {
        const id = randomUUID();
        const aside = join(partial, id);
        const place = join(root, name);
        under.add(id);
        try {
          await writeAside(aside, content);
          const made = await mkdir(dirname(place), { recursive: true });
          await rename(aside, place);
          await syncFolder(dirname(place));
          if (made) await syncFolder(dirname(made));
        } catch (error) {
          await rm(aside, { force: true }).catch(() => {});
          throw error;
        } finally {
          under.delete(id);
        }
      }),

    list: (below, range = {}) => listBelow(root, below, range),

    open: (name) =>
      orUnavailable(`${name} cannot be opened`, async () => {
        const file = await open(join(root, name), 'r').catch(nullWhenMissing);
        if (!file) return null;
        try {
          const { size: byteLength } = await file.stat();
          return {
            byteLength,
            slice: (start: number, end = byteLength) =>
              orUnavailable(`${name} cannot be read`, () =>
                readRange(file, start, Math.min(end, byteLength)),
              ),
            close: () => file.close(),
          };
        } catch (error) {
          await file.close();
          throw error;
        }
      }),

    tidy: () =>
      orUnavailable('what was left behind cannot be removed', async () => {
        const left = ((await readdir(partial).catch(nullWhenMissing)) ?? []).filter(
          (name) => !under.has(name),
        );
        for (const name of left) await rm(join(partial, name), { force: true });
        return left.length;
      }),

    async close() {},
  };
}

async function* listBelow(
  root: string,
  below: string,
  range: { readonly from?: string; readonly before?: string },
): AsyncGenerator<ArchiveFile> {
  const { from = '', before } = range;
  for (const name of await namesIn(join(root, below))) {
    const path = `${below}${name}`;
    if (before !== undefined && path >= before) return;
    if (name.endsWith('/')) {
      // All of it may come before the range; some of it may not.
      if (`${path}\uffff` >= from) yield* listBelow(root, path, range);
    } else if (path >= from) {
      const file = await describe(root, path);
      if (file) yield file;
    }
  }
}

/** In the order of full names: a folder's has its `/`. Hidden ones are left out. */
async function namesIn(folder: string): Promise<readonly string[]> {
  const entries = await orUnavailable(`${folder} cannot be listed`, () =>
    readdir(folder, { withFileTypes: true }).catch(nullWhenMissing),
  );
  return (entries ?? [])
    .filter(({ name }) => !name.startsWith('.'))
    .map((entry) => (entry.isDirectory() ? `${entry.name}/` : entry.name))
    .sort((a, b) => (a < b ? -1 : 1));
}

const describe = (root: string, name: string): Promise<ArchiveFile | null> =>
  orUnavailable(`${name} cannot be looked at`, async () => {
    const found = await stat(join(root, name)).catch(nullWhenMissing);
    return found?.isFile() ? { name, bytes: found.size } : null;
  });

async function readRange(file: FileHandle, start: number, end: number): Promise<ArrayBuffer> {
  const bytes = new Uint8Array(Math.max(0, end - start));
  for (let done = 0; done < bytes.length; ) {
    const { bytesRead } = await file.read(bytes, done, bytes.length - done, start + done);
    if (bytesRead === 0) throw new Error(`it ends at ${start + done}, before ${end}`);
    done += bytesRead;
  }
  return bytes.buffer;
}

/** So that a name survives too. */
async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

function nullWhenMissing(error: NodeJS.ErrnoException): null {
  if (error.code === 'ENOENT') return null;
  throw error;
}

async function orUnavailable<Result>(what: string, work: () => Promise<Result>): Promise<Result> {
  try {
    return await work();
  } catch (error) {
    throw error instanceof ArchiveUnavailableError ? error : new ArchiveUnavailableError(what, error);
  }
}
