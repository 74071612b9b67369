import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { openTestDatabase, testDatabaseKind } from '@medley/testing/database';
import { expect, it, onTestFinished } from 'vitest';
import { createPrismaCatalogWriter } from '../../src/adapters/prisma-catalog-writer.ts';
import { PrismaClient } from '../../src/generated/prisma/client.ts';
import { importCatalog } from '../../src/import/import-catalog.ts';

const folder = process.env.MEDLEY_DATA && join(process.env.MEDLEY_DATA, 'catalog');
const present = folder !== undefined && existsSync(join(folder, 'markets.json'));
if (!present)
  console.warn('skipped: the real catalog, because MEDLEY_DATA names no folder with catalog/markets.json');

it.skipIf(!present)(
  `imports the real catalog on ${testDatabaseKind}, whole and in either order of its sources`,
  async () => {
    const csv = folder as string;
    const json = join(csv, 'markets.json');
    const importInto = async (...sources: string[]) => {
      const database = await openTestDatabase('catalog');
      const prisma = new PrismaClient({ adapter: database.adapter });
      onTestFinished(async () => {
        await prisma.$disconnect();
        await database.close();
      });
      const writer = createPrismaCatalogWriter(prisma);
      for (const source of sources) {
        const { rejected } = await importCatalog({ source, markets: 'all', namespace: 'spotify', writer });
        expect(rejected).toBe(0);
      }
      const [tracks] = await prisma.$queryRaw<{ count: number; hash: string }[]>`
        SELECT count(*)::int AS count, md5(string_agg(md5(row(id, title, album_id, duration_ms, explicit, isrc,
          disc_number, track_number, popularity, available_markets, provenance,
          (SELECT array_agg(artist_id ORDER BY position) FROM catalog.track_artists WHERE track_id = id))::text), ''
          ORDER BY id)) AS hash FROM catalog.tracks`;
      const [albums] = await prisma.$queryRaw<{ count: number; hash: string }[]>`
        SELECT count(*)::int AS count, md5(string_agg(md5(row(id, title, type, provenance)::text), ''
          ORDER BY id)) AS hash FROM catalog.albums`;
      const [artists] = await prisma.$queryRaw<{ count: number; hash: string }[]>`
        SELECT count(*)::int AS count, md5(string_agg(md5(row(id, name, provenance)::text), ''
          ORDER BY id)) AS hash FROM catalog.artists`;
      return { tracks, albums, artists };
    };
    const one = await importInto(csv, json);
    expect([one.tracks?.count, one.albums?.count, one.artists?.count]).toEqual([64_896, 57_003, 33_286]);
    expect(await importInto(json, csv)).toEqual(one);
  },
  900_000,
);
