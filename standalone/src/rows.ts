import type { PGlite } from '@electric-sql/pglite';
import { openRepositories as openAnalyticsRepositories } from '@medley/analytics/adapters/prisma-repositories';
import { openRepositories as openCatalogRepositories } from '@medley/catalog/adapters/prisma-repositories';
import { openEmbedded } from '@medley/database';
import { openRepositories as openPlaylistsRepositories } from '@medley/playlists/adapters/prisma-repositories';
import { openRepositories as openRecommendationsRepositories } from '@medley/recommendations/adapters/prisma-repositories';
import { openPrismaUserData } from '@medley/recommendations/adapters/prisma-user-data';
import { openRepositories as openUsersRepositories } from '@medley/users/adapters/prisma-repositories';
import { openEmbeddedData } from './embedded-data.ts';
import type { Screen } from './screen.ts';

/** The rows of all subgraphs, in one PGlite. */
export interface Rows {
  readonly analytics: ReturnType<typeof openAnalyticsRepositories>;
  readonly catalog: ReturnType<typeof openCatalogRepositories>;
  readonly playlists: ReturnType<typeof openPlaylistsRepositories>;
  readonly recommendations: ReturnType<typeof openRecommendationsRepositories>;
  /** What accounts play, like and are given. */
  readonly userData: ReturnType<typeof openPrismaUserData>;
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
    recommendations: openEmbedded(pglite),
    users: openEmbedded(pglite),
  };
  const analytics = openAnalyticsRepositories(databases.analytics);
  const catalog = openCatalogRepositories(databases.catalog);
  const playlists = openPlaylistsRepositories(databases.playlists);
  const recommendations = openRecommendationsRepositories(databases.recommendations);
  const userData = openPrismaUserData(databases.recommendations);
  const users = openUsersRepositories(databases.users);
  const all = [analytics, catalog, playlists, recommendations, userData, users];
  return {
    analytics,
    catalog,
    playlists,
    recommendations,
    userData,
    users,
    pglite,
    statements: {
      count: () => Object.values(databases).reduce((sum, { statements }) => sum + statements.count(), 0),
    },
    async close() {
      for (const repositories of all) await repositories.close();
      await pglite.close();
    },
  };
}
