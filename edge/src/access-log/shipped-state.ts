import { randomUUID } from 'node:crypto';
import { open, readFile, rename } from 'node:fs/promises';
import { dirname } from 'node:path';
import { z } from 'zod';
import { edgeTiers } from './count-range.ts';

const offset = z.int().nonnegative();

const schema = z.object({
  version: z.literal(1),
  /** Who writes it: another one that does it too is found out by this. */
  writer: z.string(),
  file: z.object({ inode: z.int(), head: z.string() }).nullable(),
  /** Everything before it was told. */
  offset,
  /** What is being told: it may have been told, and is told again in the very same way after a crash. */
  intent: z
    .object({
      until: offset,
      cutAt: z.int(),
      node: z.string(),
      tier: z.enum(edgeTiers),
      sampleOutOf: offset,
    })
    .nullable(),
  /** Files that were told to their ends, the last ones. */
  told: z.array(z.string()),
  /** When it was written, in milliseconds since 1970. */
  savedAt: z.int(),
});

/** How far an access log was told. */
export type ShippedState = Omit<z.output<typeof schema>, 'version' | 'writer'>;

export interface ShippedStateFile {
  /** As it was when it was opened; undefined when there was none. */
  readonly initial: ShippedState | undefined;
  /**
   * Resolves when it would survive a power cut.
   * @throws SecondWriterError
   */
  save(state: ShippedState): Promise<void>;
}

/** Two processes ship one log: everything would be told twice. */
export class SecondWriterError extends Error {
  constructor(path: string) {
    super(`another process writes ${path}: one shipper for each access log`);
    this.name = 'SecondWriterError';
  }
}

/**
 * Opens the file in which a shipper keeps its position, and takes it over from whoever wrote it.
 * @throws Error that names the file when it cannot be understood
 */
export async function openShippedState(path: string): Promise<ShippedStateFile> {
  const writer = randomUUID();
  const before = await read(path);
  let lastWriter = before?.writer;
  return {
    initial: before,
    async save(state) {
      const there = await read(path);
      if (there && there.writer !== lastWriter) throw new SecondWriterError(path);
      await write(path, JSON.stringify({ ...state, version: 1, writer }));
      lastWriter = writer;
    },
  };
}

async function read(path: string) {
  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
  try {
    return schema.parse(JSON.parse(text));
  } catch {
    throw new Error(
      `${path} is damaged; remove it to begin with the access log as it is, from its first line`,
    );
  }
}

/** All of it or nothing: written beside and renamed, both on the disk before it resolves. */
async function write(path: string, text: string): Promise<void> {
  const file = await open(`${path}.new`, 'w');
  try {
    await file.writeFile(text);
    await file.datasync();
  } finally {
    await file.close();
  }
  await rename(`${path}.new`, path);
  const folder = await open(dirname(path), 'r');
  try {
    await folder.sync();
  } finally {
    await folder.close();
  }
}
