import { existsSync } from 'node:fs';
import { mkdir, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { PGlite } from '@electric-sql/pglite';
import {
  hashMigrations,
  migrate,
  openEmbedded,
  openPglite,
  ownersOfRows,
  readOrBuildImage,
} from '@medley/database';
import { installation } from './installation.ts';
import type { Screen } from './screen.ts';

/** How a new database is filled, and what its content depends on. */
export interface Filling {
  readonly key: string;
  readonly fill: (pglite: PGlite, progress: (text: string) => void) => Promise<void>;
}

/**
 * The rows of a data folder. A new database is built aside and renamed into place, so that what is there is whole; an
 * old one gets the migrations that it lacks.
 * @param folder is held by this process
 */
export async function openEmbeddedData(folder: string, filling: Filling, screen: Screen): Promise<PGlite> {
  const place = join(folder, 'database');
  if (!existsSync(place)) {
    const aside = join(folder, 'database.new');
    await rm(aside, { recursive: true, force: true });
    await mkdir(aside, { recursive: true });
    const pglite = await openPglite(
      aside,
      await screen.step('sample catalog', (progress) => readImage(filling, progress)),
    );
    await pglite.close();
    await rename(aside, place);
  }
  return screen.step('database', async () => {
    const pglite = await openPglite(place);
    for (const owner of ownersOfRows) await migrate(openEmbedded(pglite), owner);
    return pglite;
  });
}

async function readImage({ key, fill }: Filling, progress: (text: string) => void): Promise<Blob> {
  return readOrBuildImage({
    cacheFolder: join(installation, 'node_modules', '.cache', 'medley'),
    key: `${await hashMigrations()} ${key}`,
    async build(pglite) {
      for (const owner of ownersOfRows) await migrate(openEmbedded(pglite), owner);
      await fill(pglite, progress);
    },
  });
}
