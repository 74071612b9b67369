import { PGlite } from '@electric-sql/pglite';
import { PrismaPGlite } from 'pglite-prisma-adapter';
import { countStatements, type Database, withWholeScripts } from './database.ts';
import { createEmbeddedHolds } from './embedded-hold.ts';

/**
 * PostgreSQL in this process. It has one connection and belongs to one process: two on one folder destroy it.
 * @param folder where it is kept; null keeps it in memory
 * @param image a gzipped tarball of a data folder to begin with, in place of an empty one
 */
export function openPglite(folder: string | null, image?: Blob): Promise<PGlite> {
  return PGlite.create({ ...(folder && { dataDir: folder }), ...(image && { loadDataDir: image }) });
}

/** One subgraph's view of a PGlite, which others may share; closing it leaves the PGlite open. */
export function openEmbedded(pglite: PGlite): Database {
  const adapter = withWholeScripts(new PrismaPGlite(pglite) as never, (script) => pglite.exec(script));
  return { ...countStatements(adapter), tryHold: createEmbeddedHolds(pglite), close: async () => {} };
}
