import { mkdir, open, readFile, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';

/** What a training puts down on its way, so that it goes on from there after any end. */
export interface WorkFolder {
  /** Where a stage writes. It may have files of an earlier try. */
  folderOf(stage: string): string;
  /** What a stage came to; null when it was not finished, or what it noted cannot be read any more. */
  find<Result>(stage: string): Promise<Result | null>;
  /** On the disk when it resolves. @param result as JSON has it */
  finish(stage: string, result: unknown): Promise<void>;
  /** Removes everything. */
  clear(): Promise<void>;
}

/** @param path is made when it is not there */
export async function openWorkFolder(path: string): Promise<WorkFolder> {
  await mkdir(path, { recursive: true });
  const noteOf = (stage: string) => join(path, `${stage}.json`);
  return {
    folderOf: (stage) => join(path, stage),
    async find<Result>(stage: string) {
      const text = await readFile(noteOf(stage), 'utf8').catch((error: NodeJS.ErrnoException) => {
        if (error.code === 'ENOENT') return null;
        throw error;
      });
      return text === null ? null : parse<Result>(text);
    },
    async finish(stage, result) {
      const aside = `${noteOf(stage)}.aside`;
      const file = await open(aside, 'w');
      try {
        await file.writeFile(JSON.stringify(result));
        await file.sync();
      } finally {
        await file.close();
      }
      await rename(aside, noteOf(stage));
    },
    async clear() {
      await rm(path, { recursive: true, force: true });
      await mkdir(path, { recursive: true });
    },
  };
}

/** A note that is broken is as none: what it was about is done again. */
function parse<Result>(text: string): Result | null {
  try {
    return JSON.parse(text) as Result;
  } catch {
    return null;
  }
}
