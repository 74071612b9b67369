import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { openTestDatabase, testDatabaseKind } from '@medley/testing/database';
import { describe, expect, it, onTestFinished } from 'vitest';
import { createPrismaCatalogWriter } from '../../src/adapters/prisma-catalog-writer.ts';
import { PrismaClient } from '../../src/generated/prisma/client.ts';
import { importCatalog } from '../../src/import/import-catalog.ts';
import { writeSource } from './source-folder.ts';

const folder = join(process.env.MEDLEY_DATA ?? '', 'catalog');
const json = join(folder, 'markets.json');
const present = process.env.MEDLEY_DATA !== undefined && existsSync(json);
if (!present)
  console.warn('skipped: the real catalog. MEDLEY_DATA names no folder with catalog/markets.json');

describe.skipIf(!present)(`the real catalog on ${testDatabaseKind}`, () => {
  it('goes in whole, and a second time changes nothing', { timeout: 600_000 }, async () => {
    const { prisma, run } = await openCatalog();
    expect(await run(folder)).toMatchObject({ rowsRead: 152_400, rejected: 0, tracks: { added: 63_471 } });
    expect(await run(json)).toMatchObject({ rowsRead: 1_500, tracks: { added: 1_425, changed: 67 } });
    const changes = await prisma.outbox.count();
    expect(await run(json)).toMatchObject({ tracks: { added: 0, changed: 0 }, rejected: 0 });
    expect(await prisma.outbox.count()).toBe(changes);
  });

  it('is the same in either order of its sources, where they overlap', { timeout: 120_000 }, async () => {
    const csv = await cutToOverlap();
    const [one, other] = [await openCatalog(), await openCatalog()];
    expect((await one.run(csv)).tracks.added).toBe(67);
    await one.run(json);
    await other.run(json);
    await other.run(csv);
    expect(await readRows(other.prisma)).toEqual(await readRows(one.prisma));
  });
});

async function openCatalog() {
  const database = await openTestDatabase('catalog');
  const prisma = new PrismaClient({ adapter: database.adapter });
  onTestFinished(async () => {
    await prisma.$disconnect();
    await database.close();
  });
  const writer = createPrismaCatalogWriter(prisma);
  const run = (source: string) => importCatalog({ source, markets: 'all', namespace: 'spotify', writer });
  return { prisma, run };
}

/** The CSV files with the tracks only that the JSON file has too, and what these refer to. */
async function cutToOverlap(): Promise<string> {
  const described = new Set(await readFile(json, 'utf8').then((text) => text.match(/[0-9A-Za-z]{22}/g)));
  const cut = async (file: string, ids: ReadonlySet<string>) => {
    const [header, ...rows] = (await readFile(join(folder, file), 'utf8')).split('\n');
    return [header, ...rows.filter((row) => ids.has(row.slice(0, 22)))].join('\n');
  };
  const tracks = await cut('tracks.csv', described);
  const referred = new Set(tracks.match(/[0-9A-Za-z]{22}/g));
  return writeSource({
    'tracks.csv': tracks,
    'albums.csv': await cut('albums.csv', referred),
    'artists.csv': await cut('artists.csv', referred),
  });
}

async function readRows(prisma: PrismaClient) {
  const order = { orderBy: { id: 'asc' }, omit: { version: true } } as const;
  const artists = { select: { artistId: true, position: true }, orderBy: { position: 'asc' } } as const;
  return {
    tracks: await prisma.track.findMany({ ...order, include: { artists } }),
    albums: await prisma.album.findMany({ ...order, include: { artists } }),
    artists: await prisma.artist.findMany(order),
  };
}
