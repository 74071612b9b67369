import type { PGlite } from '@electric-sql/pglite';
import { openRepositories as openCatalogRepositories } from '@medley/catalog/adapters/prisma-repositories';
import { loadSampleCatalog } from '@medley/catalog/sample/load-sample-catalog';
import { sampleCatalogHash } from '@medley/catalog/sample/sample-catalog';
import { openEmbedded } from '@medley/database';
import { openRepositories as openUsersRepositories } from '@medley/users/adapters/prisma-repositories';
import { type Filling, openEmbeddedData } from './embedded-data.ts';
import type { Screen } from './screen.ts';

/** The rows of all subgraphs, in one PGlite. */
export interface Rows {
  readonly catalog: ReturnType<typeof openCatalogRepositories>;
  readonly users: ReturnType<typeof openUsersRepositories>;
  readonly pglite: PGlite;
  close(): Promise<void>;
}

/**
 * Opens the rows of a data folder; a new one begins with the sample catalog.
 * @param folder is held by this process
 */
export async function openRows(folder: string, screen: Screen): Promise<Rows> {
  const pglite = await openEmbeddedData(folder, sampleCatalog, screen);
  const catalog = openCatalogRepositories(openEmbedded(pglite));
  const users = openUsersRepositories(openEmbedded(pglite));
  return {
    catalog,
    users,
    pglite,
    async close() {
      await catalog.close();
      await users.close();
      await pglite.close();
    },
  };
}

const sampleCatalog: Filling = {
  key: sampleCatalogHash(),
  async fill(pglite, progress) {
    const { writer, close } = openCatalogRepositories(openEmbedded(pglite));
    await loadSampleCatalog(writer, ({ rowsWritten, rowsTotal }) =>
      progress(`${rowsWritten.toLocaleString('en')} of ${rowsTotal.toLocaleString('en')} rows`),
    );
    await close();
  },
};
