import type { PGlite } from '@electric-sql/pglite';
import { openRepositories as openAnalyticsRepositories } from '@medley/analytics/adapters/prisma-repositories';
import { openRepositories as openCatalogRepositories } from '@medley/catalog/adapters/prisma-repositories';
import { openEmbedded } from '@medley/database';
import { openRepositories as openPlaylistsRepositories } from '@medley/playlists/adapters/prisma-repositories';
import { openRepositories as openUsersRepositories } from '@medley/users/adapters/prisma-repositories';
import { openEmbeddedData } from './embedded-data.ts';
import type { Screen } from './screen.ts';

/** The rows of all subgraphs, in one PGlite. */
export interface Rows {
  readonly analytics: ReturnType<typeof openAnalyticsRepositories>;
  readonly catalog: ReturnType<typeof openCatalogRepositories>;
  readonly playlists: ReturnType<typeof openPlaylistsRepositories>;
  readonly users: ReturnType<typeof openUsersRepositories>;
  readonly pglite: PGlite;
  /** SQL statements since it was opened. */
  readonly statements: { count(): number };
  close(): Promise<void>;
}

/**
 * Opens the rows of a data folder; a new one begins with the sample catalog.
 * @param folder is held by this process
 */
export async function openRows(folder: string, screen: Screen): Promise<Rows> {
  const pglite = await openEmbeddedData(folder, screen);
  const databases = {
    analytics: openEmbedded(pglite),
    catalog: openEmbedded(pglite),
    playlists: openEmbedded(pglite),
    users: openEmbedded(pglite),
  };
  const analytics = openAnalyticsRepositories(databases.analytics);
  const catalog = openCatalogRepositories(databases.catalog);
  const playlists = openPlaylistsRepositories(databases.playlists);
  const users = openUsersRepositories(databases.users);
  return {
    analytics,
    catalog,
    playlists,
    users,
    pglite,
    statements: {
      count: () => Object.values(databases).reduce((sum, { statements }) => sum + statements.count(), 0),
    },
    async close() {
      for (const repositories of [analytics, catalog, playlists, users]) await repositories.close();
      await pglite.close();
    },
  };
}
