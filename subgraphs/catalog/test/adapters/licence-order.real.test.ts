import { openTestDatabase, testDatabaseKind } from '@medley/testing/database';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createPrismaLicenceFeed } from '../../src/adapters/prisma-licence-feed.ts';
import { PrismaClient } from '../../src/generated/prisma/client.ts';
import { createRows, uuid } from '../catalog-rows.ts';

const isServer = testDatabaseKind === 'PostgreSQL';
if (!isServer)
  console.info(
    'Writers that overlap: left out, as an embedded database has one connection (TEST_POSTGRES_URL).',
  );

describe.skipIf(!isServer)('two writers of licences at once', () => {
  let database: Awaited<ReturnType<typeof openTestDatabase>>;
  let prisma: PrismaClient;
  beforeAll(async () => {
    database = await openTestDatabase('catalog');
    prisma = new PrismaClient({ adapter: database.adapter });
    await createRows(prisma).tracks({ name: 'slow' }, { name: 'quick' });
  });
  afterAll(async () => {
    await prisma?.$disconnect();
    await database?.close();
  });

  it.each([
    ['tracks', (id: string) => `UPDATE catalog.tracks SET explicit = NOT explicit WHERE id = '${id}'`],
    [
      'windows',
      (id: string) => `INSERT INTO catalog.licence_windows (track_id, market) VALUES ('${id}', 'DE')`,
    ],
    ['windows that go', (id: string) => `DELETE FROM catalog.licence_windows WHERE track_id = '${id}'`],
    ['deletions', (id: string) => `DELETE FROM catalog.tracks WHERE id = '${id}'`],
  ])('are told in the order of their commits: %s', async (_, write) => {
    const feed = createPrismaLicenceFeed(prisma);
    const { seq } = await feed.changesSince(null, 1);
    let quick: Promise<unknown> = Promise.resolve();
    await prisma.$transaction(
      async (slow) => {
        await slow.$executeRawUnsafe(write(uuid('track', 'slow')));
        // Prisma begins when somebody waits.
        quick = prisma.$executeRawUnsafe(write(uuid('track', 'quick'))).then();
        await new Promise((resolve) => setTimeout(resolve, 200));
        // The quick one has a later number. Were it committed now, a follower would go on from there and never see the slow one.
        expect((await feed.changesSince(seq, 10)).trackIds).toEqual([]);
      },
      { timeout: 10_000 },
    );
    await quick;
    const { trackIds } = await feed.changesSince(seq, 10);
    expect(trackIds).toEqual([uuid('track', 'slow'), uuid('track', 'quick')]);
  });
});
