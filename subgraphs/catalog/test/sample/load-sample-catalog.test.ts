import { openTestDatabase } from '@medley/testing/database';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { createPrismaCatalogWriter } from '../../src/adapters/prisma-catalog-writer.ts';
import { PrismaClient } from '../../src/generated/prisma/client.ts';
import { loadSampleCatalog } from '../../src/sample/load-sample-catalog.ts';

let database: Awaited<ReturnType<typeof openTestDatabase>>;
let prisma: PrismaClient;
beforeAll(async () => {
  database = await openTestDatabase('catalog');
  prisma = new PrismaClient({ adapter: database.adapter });
});
afterAll(async () => {
  await prisma?.$disconnect();
  await database?.close();
});

it('writes all of it, tells how far it is, and changes nothing when it is loaded again', async () => {
  const progress: number[] = [];
  const writer = createPrismaCatalogWriter(prisma);
  const { artists, albums, tracks } = await loadSampleCatalog(writer, ({ rowsWritten, rowsTotal }) => {
    progress.push(rowsWritten / rowsTotal);
  });
  expect(progress.at(-1)).toBe(1);
  expect(progress).toEqual([...progress].sort((one, other) => one - other));
  expect(await prisma.artist.count()).toBe(artists);
  expect(await prisma.album.count()).toBe(albums);
  expect(await prisma.track.count()).toBe(tracks);
  const changes = await prisma.outbox.count();
  expect(changes).toBe(artists + albums + tracks + (await prisma.genre.count()));
  await loadSampleCatalog(writer);
  expect(await prisma.outbox.count()).toBe(changes);
  // Minutes of a busy machine, seconds of an idle one.
}, 180_000);
