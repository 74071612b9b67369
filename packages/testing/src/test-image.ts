import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { gunzip } from 'node:zlib';
import { openPglite, readOrBuildImage } from '@medley/database';

type Pglite = Awaited<ReturnType<typeof openPglite>>;

/** As `readOrBuildImage`, unpacked: one that is opened often is not unpacked each time. */
export async function readTestImage(key: string, build: (pglite: Pglite) => Promise<void>): Promise<Blob> {
  const cacheFolder = join(repository, 'node_modules', '.cache', 'medley');
  const image = await readOrBuildImage({ cacheFolder, key, build });
  return new Blob([new Uint8Array(await promisify(gunzip)(await image.arrayBuffer()))]);
}

/** A PGlite in memory with nothing in it: from an image in a third of the time that making it takes. */
export async function openEmptyPglite(): Promise<Pglite> {
  empty ??= readTestImage('empty', async () => {});
  return openPglite(null, await empty);
}

let empty: Promise<Blob> | undefined;
const repository = join(dirname(fileURLToPath(import.meta.url)), '..', '..', '..');
