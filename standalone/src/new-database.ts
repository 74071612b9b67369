import { chmod, mkdir, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { openRepositories as openCatalog } from '@medley/catalog/adapters/prisma-repositories';
import { loadSampleCatalog } from '@medley/catalog/sample/load-sample-catalog';
import { sampleCatalogHash } from '@medley/catalog/sample/sample-catalog';
import {
  hashMigrations,
  migrate,
  openEmbedded,
  openPglite,
  ownersOfRows,
  readOrBuildImage,
} from '@medley/database';
import { openRepositories as openPlaylists } from '@medley/playlists/adapters/prisma-repositories';
import { installation } from './installation.ts';
import { loadSamples, samplePlaylistsVersion } from './sample-playlists.ts';

/**
 * Makes a database with the sample catalog and playlists over it. It is built aside and renamed into place, so that what is there is whole.
 * @param folder is held by this process
 * @param place where it will be; there is none yet
 * @param progress gets a few words for people
 */
export async function createDatabase(
  folder: string,
  place: string,
  progress: (text: string) => void,
): Promise<void> {
  const aside = join(folder, 'database.new');
  await rm(aside, { recursive: true, force: true });
  await mkdir(aside, { recursive: true, mode: 0o700 });
  const image = await readOrBuildImage({
    cacheFolder: join(installation, 'node_modules', '.cache', 'medley'),
    key: `${await hashMigrations()} ${sampleCatalogHash()} ${samplePlaylistsVersion}`,
    async build(pglite) {
      for (const owner of ownersOfRows) await migrate(openEmbedded(pglite), owner);
      const catalog = openCatalog(openEmbedded(pglite));
      await loadSampleCatalog(catalog.writer, ({ rowsWritten, rowsTotal }) =>
        progress(`${rowsWritten.toLocaleString('en')} of ${rowsTotal.toLocaleString('en')} rows`),
      );
      await catalog.close();
      const playlists = openPlaylists(openEmbedded(pglite));
      await loadSamples(playlists);
      await playlists.close();
    },
  });
  const pglite = await openPglite(aside, image);
  await pglite.close();
  // PGlite makes files that all may write; nobody else gets as far as these.
  await chmod(aside, 0o700);
  await rename(aside, place);
}
