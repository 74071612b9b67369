import { mkdir, open, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { documentKinds } from '../../domain/search-document.ts';
import type { Positions } from '../../domain/search-index.ts';
import { EmbeddedIndex } from './embedded-index.ts';
import type { KindIndex } from './kind-index.ts';
import { readFrame, writeFrame } from './snapshot-frames.ts';
import { partsOfKind, readKind } from './snapshot-of-kind.ts';

/**
 * Raise it whenever the file, or what is made of a text (words, folding, entries), becomes another: an index of an older
 * format is built anew. The words also depend on the version of Unicode that Node brings.
 */
const format = 1;
const unicode = process.versions.unicode;

interface Head {
  readonly format: number;
  readonly unicode: string | undefined;
  readonly generation: string;
  /** ISO 8601. */
  readonly builtAt: string;
  readonly positions: Positions;
}

const fileIn = (folder: string) => join(folder, 'search.index');

/** Writes the index aside, part by part, and puts it in place whole. The index must not change meanwhile. */
export async function saveSnapshot(index: EmbeddedIndex, folder: string): Promise<void> {
  const { generation, builtAt, positions } = index;
  if (generation === null || builtAt === null) return;
  await mkdir(folder, { recursive: true });
  const aside = `${fileIn(folder)}.new`;
  const file = await open(aside, 'w');
  try {
    const head: Head = { format, unicode, generation, builtAt: builtAt.toISOString(), positions };
    await writeFrame(file, new TextEncoder().encode(JSON.stringify(head)));
    for (const kind of documentKinds) {
      for (const part of partsOfKind(index.kinds[kind])) await writeFrame(file, part);
    }
    await file.sync();
  } finally {
    await file.close();
  }
  await rename(aside, fileIn(folder));
}

/**
 * @returns null where there is none
 * @throws Error when it is damaged or of another format
 */
export async function loadSnapshot(folder: string): Promise<EmbeddedIndex | null> {
  await rm(`${fileIn(folder)}.new`, { force: true });
  const file = await open(fileIn(folder)).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return null;
    throw error;
  });
  if (!file) return null;
  try {
    const next = () => readFrame(file);
    const head = JSON.parse(new TextDecoder().decode(await next())) as Head;
    if (head.format !== format || head.unicode !== unicode) {
      throw new Error(
        `its format is ${head.format} with Unicode ${head.unicode}, not ${format} with Unicode ${unicode}`,
      );
    }
    const kinds: Record<string, KindIndex> = {};
    for (const kind of documentKinds) kinds[kind] = await readKind(next);
    const index = new EmbeddedIndex(kinds as EmbeddedIndex['kinds']);
    index.generation = head.generation;
    index.builtAt = new Date(head.builtAt);
    index.positions = head.positions;
    return index;
  } finally {
    await file.close();
  }
}
