import { join } from 'node:path';
import { importedUuid } from '@medley/ids';
import { openTestDatabase } from '@medley/testing/database';
import { afterAll, beforeEach } from 'vitest';
import { createPrismaCatalogWriter } from '../../src/adapters/prisma-catalog-writer.ts';
import { PrismaClient } from '../../src/generated/prisma/client.ts';
import { type ImportOptions, importCatalog } from '../../src/import/import-catalog.ts';
import { formatProblem, type ImportProblem } from '../../src/import/import-problem.ts';
import { csvFolder, writeSource } from './source-folder.ts';

/** A catalog to import into: empty before each test of the file, gone behind its last one. */
export async function openImportTarget() {
  const database = await openTestDatabase('catalog');
  const prisma = new PrismaClient({ adapter: database.adapter });
  const writer = createPrismaCatalogWriter(prisma);
  afterAll(async () => {
    await prisma.$disconnect();
    await database.close();
  });
  beforeEach(() => empty());

  const empty = () =>
    prisma.$executeRaw`TRUNCATE catalog.tracks, catalog.albums, catalog.artists, catalog.outbox, catalog.tombstones CASCADE`;

  async function run(source: string, options: Partial<ImportOptions> = {}) {
    const rejected: string[] = [];
    const warnings: string[] = [];
    const note = (list: string[]) => (problem: ImportProblem) => void list.push(formatProblem(problem));
    const result = await importCatalog({
      source,
      markets: 'all',
      namespace: 'spotify',
      writer,
      onReject: note(rejected),
      onWarning: note(warnings),
      ...options,
    });
    return { result, rejected, warnings };
  }

  const runCsv = async (files: Readonly<Record<string, string | Buffer>>, options?: Partial<ImportOptions>) =>
    run(await writeSource(csvFolder(files)), options);
  const runJson = async (content: unknown, options?: Partial<ImportOptions>) => {
    const text = typeof content === 'string' || Buffer.isBuffer(content) ? content : JSON.stringify(content);
    return run(join(await writeSource({ 'tracks.json': text }), 'tracks.json'), options);
  };
  const findTrack = (sourceId: string, namespace = 'spotify') =>
    prisma.track.findUnique({
      where: { id: importedUuid(namespace, 'track', sourceId) },
      include: { album: true, artists: { include: { artist: true }, orderBy: { position: 'asc' } } },
    });
  const titles = async () =>
    (await prisma.track.findMany({ orderBy: { title: 'asc' } })).map(({ title }) => title);
  return { prisma, writer, empty, run, runCsv, runJson, findTrack, titles };
}

/** A folder whose tracks are these rows. */
export const tracksCsv = (...rows: string[]) => ({
  'tracks.csv': `track_id,name,album_id,duration_s,artist_ids\n${rows.join('\n')}\n`,
});
