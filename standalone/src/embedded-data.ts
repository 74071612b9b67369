import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { PGlite } from '@electric-sql/pglite';
import { migrate, openEmbedded, openPglite, ownersOfRows } from '@medley/database';
import { startWorker } from '@medley/service';
import type { Screen } from './screen.ts';

/**
 * The rows of a data folder: a new one begins with the sample catalog, an old one gets the migrations that it lacks.
 * @param folder is held by this process
 */
export async function openEmbeddedData(folder: string, screen: Screen): Promise<PGlite> {
  const place = join(folder, 'database');
  if (!existsSync(place)) {
    await screen.step('sample catalog', (progress) => createInWorker(folder, place, progress));
  }
  return screen.step('database', async () => {
    const pglite = await openPglite(place);
    for (const owner of ownersOfRows) await migrate(openEmbedded(pglite), owner);
    return pglite;
  });
}

function createInWorker(folder: string, place: string, progress: (text: string) => void): Promise<void> {
  return new Promise((resolve, reject) => {
    const worker = startWorker(new URL('./new-database-worker.ts', import.meta.url), {
      workerData: { folder, place },
    });
    worker.on('message', progress);
    worker.once('error', reject);
    worker.once('exit', (code) => {
      if (code === 0) resolve();
      else reject(new Error(`making the database ended with code ${code}`));
    });
  });
}
