import { existsSync } from 'node:fs';
import { mkdir, rename, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { PGlite } from '@electric-sql/pglite';
import {
  hashMigrations,
  migrate,
  openEmbedded,
  openPglite,
  ownersOfRows,
  readOrBuildImage,
} from '@medley/database';
import type { StartupScreen } from './startup-screen.ts';

/** How a new database is filled, and what its content depends on. */
export interface Filling {
  readonly key: string;
  readonly fill: (pglite: PGlite) => Promise<void>;
}

/**
 * The rows of a data folder. A new database is built aside and renamed into place, so that what is there is whole; an
 * old one gets the migrations that it lacks.
 * @param folder is held by this process
 */
export async function openEmbeddedData(
  folder: string,
  filling: Filling,
  screen: StartupScreen,
): Promise<PGlite> {
  const place = join(folder, 'database');
  if (!existsSync(place)) {
    const aside = join(folder, 'database.new');
    await rm(aside, { recursive: true, force: true });
    await mkdir(aside, { recursive: true });
    const pglite = await openPglite(aside, await screen.step('sample catalog', () => readImage(filling)));
    await pglite.close();
    await rename(aside, place);
  }
  return screen.step('database', async () => {
    const pglite = await openPglite(place);
    for (const owner of ownersOfRows) await migrate(openEmbedded(pglite), owner);
    return pglite;
  });
}

async function readImage({ key, fill }: Filling): Promise<Blob> {
  return readOrBuildImage({
    cacheFolder: join(installation(), 'node_modules', '.cache', 'medley'),
    key: `${await hashMigrations()} ${key}`,
    async build(pglite) {
      for (const owner of ownersOfRows) await migrate(openEmbedded(pglite), owner);
      await fill(pglite);
    },
  });
}

/** The folder that has `node_modules`, above this file: from source and from a bundle it is another number of steps. */
function installation(): string {
  for (let folder = dirname(fileURLToPath(import.meta.url)); ; folder = dirname(folder)) {
    if (existsSync(join(folder, 'node_modules', '@electric-sql'))) return folder;
    if (dirname(folder) === folder) throw new Error('no node_modules above this program: run npm ci');
  }
}
