import type { PGlite } from '@electric-sql/pglite';
import { openRepositories as openCatalogRepositories } from '@medley/catalog/adapters/prisma-repositories';
import { openEmbedded } from '@medley/database';
import { openRepositories as openUsersRepositories } from '@medley/users/adapters/prisma-repositories';
import { openEmbeddedData } from './embedded-data.ts';
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
  const pglite = await openEmbeddedData(folder, screen);
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
