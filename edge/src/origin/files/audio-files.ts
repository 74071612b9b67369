import { mkdir, open, readdir, rename, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { Piece } from '@medley/sample-audio';
import { type AudioQuality, audioFormats } from '@medley/signed-url';
import { SYNTHESISER_VERSION } from '../synth/synthesise.ts';

export interface RenderProgress {
  readonly piece: Piece;
  readonly quality: AudioQuality;
  /** 0..1. */
  readonly done: number;
}

/** Renders a piece into a file and resolves when it is complete. */
export type RenderFile = (
  piece: Piece,
  quality: AudioQuality,
  file: string,
  onProgress: (done: number) => void,
) => Promise<void>;

export interface AudioFiles {
  /** The finished file of a piece, rendered first where there is none; asked twice at once, rendered once. */
  find(piece: Piece, quality: AudioQuality): Promise<{ file: string; sizeBytes: number }>;
}

export interface AudioFilesOptions {
  /** `audio/` is made below it. */
  readonly dataDir: string;
  readonly render: RenderFile;
  readonly onProgress?: (progress: RenderProgress) => void;
}

/**
 * Keeps renderings as `audio/<number>-<quality>.v<version>.<extension>`. Other versions, and what a process that died
 * left unfinished, are removed: one origin owns the folder.
 */
export async function openAudioFiles({
  dataDir,
  render,
  onProgress,
}: AudioFilesOptions): Promise<AudioFiles> {
  const folder = join(dataDir, 'audio');
  await mkdir(folder, { recursive: true });
  await removeOutdated(folder);
  const underway = new Map<string, Promise<void>>();

  async function renderInto(file: string, piece: Piece, quality: AudioQuality): Promise<void> {
    // Under another name until it is whole: who finds the file may read it, also after a crash half way.
    const unfinished = `${file}.${process.pid}.part`;
    try {
      await render(piece, quality, unfinished, (done) => onProgress?.({ piece, quality, done }));
      await sync(unfinished);
      await rename(unfinished, file);
    } finally {
      await rm(unfinished, { force: true });
    }
  }

  return {
    async find(piece, quality) {
      const { extension } = audioFormats[quality];
      const name = `${String(piece.number).padStart(2, '0')}-${quality.toLowerCase()}`;
      const file = join(folder, `${name}.v${SYNTHESISER_VERSION}.${extension}`);
      let sizeBytes = await sizeOf(file);
      if (sizeBytes === undefined) {
        let rendering = underway.get(file);
        if (!rendering) {
          rendering = renderInto(file, piece, quality).finally(() => underway.delete(file));
          underway.set(file, rendering);
        }
        await rendering;
        sizeBytes = (await stat(file)).size;
      }
      return { file, sizeBytes };
    },
  };
}

async function sizeOf(file: string): Promise<number | undefined> {
  try {
    return (await stat(file)).size;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}

async function sync(file: string): Promise<void> {
  const handle = await open(file, 'r+');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

async function removeOutdated(folder: string): Promise<void> {
  const current = new RegExp(`^\\d+-[a-z]+\\.v${SYNTHESISER_VERSION}\\.[a-z]+$`);
  const outdated = (await readdir(folder)).filter(
    (name) => /^\d+-[a-z]+\.v\d+\./.test(name) && !current.test(name),
  );
  await Promise.all(outdated.map((name) => rm(join(folder, name), { force: true })));
}
