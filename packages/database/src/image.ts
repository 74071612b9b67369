import { createHash, randomUUID } from 'node:crypto';
import { mkdir, readdir, readFile, rename, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { PGlite } from '@electric-sql/pglite';
import { openPglite } from './embedded.ts';
import { migrationFolderOf, ownersOfRows } from './migrations.ts';

/**
 * A ready data folder as a gzipped tarball. It is made once per key on this machine and kept, because opening it takes
 * a fraction of the time that making it takes.
 * @param cacheFolder where images are kept
 * @param key what the content depends on; another key makes another image
 * @param build fills an empty PGlite
 */
export async function readOrBuildImage({
  cacheFolder,
  key,
  build,
}: {
  cacheFolder: string;
  key: string;
  build: (pglite: PGlite) => Promise<void>;
}): Promise<Blob> {
  const file = join(
    cacheFolder,
    `database-${createHash('sha256').update(key).digest('hex').slice(0, 16)}.tgz`,
  );
  try {
    return toBlob(await readFile(file));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
  }
  const image = await buildImage(build);
  await mkdir(dirname(file), { recursive: true });
  // Renamed into place whole: several processes may build at once, and any may be killed.
  const aside = `${file}.${randomUUID()}`;
  await writeFile(aside, image);
  await rename(aside, file);
  return toBlob(image);
}

async function buildImage(build: (pglite: PGlite) => Promise<void>): Promise<Buffer> {
  const pglite = await openPglite(null);
  try {
    await build(pglite);
    return Buffer.from(await (await pglite.dumpDataDir('gzip')).arrayBuffer());
  } finally {
    await pglite.close();
  }
}

/** Changes whenever a migration is added or edited: a key for images. */
export async function hashMigrations(): Promise<string> {
  const hash = createHash('sha256');
  for (const owner of ownersOfRows) {
    const folder = migrationFolderOf(owner);
    const files = (await readdir(folder, { recursive: true })).filter((file) => file.endsWith('.sql')).sort();
    for (const file of files) hash.update(file).update(await readFile(join(folder, file)));
  }
  return hash.digest('hex');
}

const toBlob = (bytes: Buffer) => new Blob([new Uint8Array(bytes)]);
