import { importedUuid } from '@medley/ids';
import { openTestDatabase, testDatabaseKind } from '@medley/testing/database';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createPrismaCatalogRepository } from '../../src/adapters/prisma-catalog-repository.ts';
import { createPrismaCatalogWriter } from '../../src/adapters/prisma-catalog-writer.ts';
import { createPrismaLicenceFeed } from '../../src/adapters/prisma-licence-feed.ts';
import { createPrismaLicenceSchedule } from '../../src/adapters/prisma-licence-schedule.ts';
import { createPrismaChangeLog } from '../../src/adapters/prisma-outbox.ts';
import type { CatalogRepository } from '../../src/domain/catalog-repository.ts';
import type { CatalogWriter, TrackValues } from '../../src/domain/catalog-writer.ts';
import type { ChangeLog } from '../../src/domain/change-log.ts';
import type { LicenceFeed } from '../../src/domain/licence-feed.ts';
import type { LicenceSchedule } from '../../src/domain/licence-schedule.ts';
import { type LicenceWindow, licensedMarkets } from '../../src/domain/licence-windows.ts';
import { PrismaClient } from '../../src/generated/prisma/client.ts';

const id = (name: string) => importedUuid('test', 'track', name);
const albumId = importedUuid('test', 'album', 'sky');
const artistId = importedUuid('test', 'artist', 'ann');
const start = Date.UTC(2030, 0, 1);
const day = 86_400_000;

describe(`licences on ${testDatabaseKind}`, () => {
  let database: Awaited<ReturnType<typeof openTestDatabase>>;
  let prisma: PrismaClient;
  let writer: CatalogWriter;
  let schedule: LicenceSchedule;
  let feed: LicenceFeed;
  let changes: ChangeLog;
  let catalog: CatalogRepository;
  /** What the database's clock shows to writer and schedule. */
  let now = start;

  beforeAll(async () => {
    database = await openTestDatabase('catalog');
    prisma = new PrismaClient({ adapter: database.adapter });
    writer = createPrismaCatalogWriter(prisma, () => now);
    schedule = createPrismaLicenceSchedule(prisma, () => now);
    feed = createPrismaLicenceFeed(prisma);
    changes = createPrismaChangeLog(prisma);
    catalog = createPrismaCatalogRepository(prisma);
  });
  afterAll(async () => {
    await prisma?.$disconnect();
    await database?.close();
  });
  beforeEach(async () => {
    now = start;
    await prisma.$executeRaw`TRUNCATE catalog.tracks, catalog.albums, catalog.artists, catalog.outbox,
      catalog.licence_changes RESTART IDENTITY CASCADE`;
    await prisma.$executeRaw`UPDATE catalog.licence_clock SET applied_until = ${new Date(start)}, pruned_until = 0`;
  });

  const describeTracks = (names: readonly string[], values: Partial<TrackValues> = {}) =>
    writer.upsert({
      source: { precision: 'described', date: 0 },
      artists: [{ id: artistId, values: { name: 'Ann' } }],
      albums: [{ id: albumId, values: { title: 'Sky', ...{ release: null } } }],
      tracks: names.map((name) => ({
        id: id(name),
        values: { title: name, durationMs: 1_000, albumId, artistIds: [artistId], ...values },
      })),
    });
  const window = (market: string, from: number, until: number): LicenceWindow => ({ market, from, until });
  const marketsOf = async (name: string) =>
    (await prisma.track.findUniqueOrThrow({ where: { id: id(name) } })).availableMarkets;
  const applyAll = async (limit = 1_000) => {
    let changed = 0;
    for (;;) {
      const step = await schedule.applyDue(limit);
      if (step.tracks === 0) return changed;
      changed += step.changed;
    }
  };
  /** Who changed since the last time. */
  const heard = async () => {
    const told = await feed.changesSince(position, 1_000);
    position = told.seq;
    return [...told.trackIds].sort();
  };
  let position = 0n;
  beforeEach(() => {
    position = 0n;
  });

  it('sets markets by the windows that hold now, and follows them as time passes', async () => {
    await describeTracks(['blue'], { availableMarkets: ['FR'] });
    const track = await writer.setLicenceWindows(id('blue'), [
      window('US', -Infinity, start + day),
      window('DE', start, start + 2 * day),
      window('DE', start + 3 * day, Infinity),
    ]);
    expect(track?.availableMarkets).toEqual(['DE', 'US']);
    const seen: [number, string[]][] = [];
    for (let days = 0; days <= 3; days += 0.5) {
      now = start + days * day;
      await applyAll();
      seen.push([days, await marketsOf('blue')]);
    }
    expect(seen).toEqual([
      [0, ['DE', 'US']],
      [0.5, ['DE', 'US']],
      [1, ['DE']],
      [1.5, ['DE']],
      [2, []],
      [2.5, []],
      [3, ['DE']],
    ]);
    expect(await schedule.findNextInMs()).toBeNull();
  });
});
