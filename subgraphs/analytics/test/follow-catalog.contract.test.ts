import type { Database } from '@medley/database';
import { publishEvents } from '@medley/event-log';
import {
  artistChanged,
  catalogChanged,
  createEvent,
  trackChanged,
  trackDeleted,
  withItsLetters,
} from '@medley/events';
import { encodeId, importedUuid } from '@medley/ids';
import { createMetrics } from '@medley/service';
import { silentLogger } from '@medley/testing';
import { openTestDatabase, testDatabaseKind } from '@medley/testing/database';
import { openTestEventLog, type TestEventLog } from '@medley/testing/event-log';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createPrismaCatalogTracks } from '../src/adapters/prisma-catalog-tracks.ts';
import { openPrismaClient, type PrismaClient } from '../src/adapters/prisma-client.ts';
import { followCatalog } from '../src/follow-catalog.ts';

const uuidOf = (name: string | number) => importedUuid('test', 'track', String(name));
const idOf = (name: string | number) => encodeId('track', uuidOf(name));
const artist = encodeId('artist', importedUuid('test', 'artist', 'ann'));
const told = (name: string | number, stateVersion: number, state: object = {}) =>
  createEvent(trackChanged, {
    source: 'catalog',
    key: idOf(name),
    data: {
      id: idOf(name),
      stateVersion,
      title: String(name),
      durationMs: 200_000,
      explicit: false,
      isrc: null,
      popularity: 7,
      availableMarkets: ['DE', 'US'],
      withdrawnAt: null,
      artists: [{ id: artist, name: 'Ann' }],
      album: null,
      genres: [],
      audioFeatures: null,
      ...state,
    },
  });
const deleted = (name: string, stateVersion: number) =>
  createEvent(trackDeleted, { source: 'catalog', key: idOf(name), data: { id: idOf(name), stateVersion } });

describe(`following the catalog on ${testDatabaseKind}`, () => {
  let database: Database;
  let client: PrismaClient;
  let world: TestEventLog;
  const crashes: Error[] = [];

  beforeEach(async () => {
    crashes.length = 0;
    database = await openTestDatabase('analytics');
    client = openPrismaClient(database);
    world = await openTestEventLog();
    await world.log.admin.ensureTopics(withItsLetters(catalogChanged));
  });
  afterEach(async () => {
    await world?.close();
    await client?.$disconnect();
    await database?.close();
    expect(crashes).toEqual([]);
  });

  /** Follows until there is nothing left to follow. */
  async function follow() {
    const consumer = followCatalog({
      log: world.log,
      tracks: createPrismaCatalogTracks(client),
      logger: silentLogger,
      metrics: createMetrics(),
      onCrash: (error) => crashes.push(error),
    });
    const lag = async () =>
      (await world.log.admin.positions('analytics.catalog', [catalogChanged.name])).reduce(
        (sum, position) => sum + position.lag,
        0n,
      );
    await expect.poll(lag, { timeout: 50_000, interval: 50 }).toBe(0n);
    await consumer.stop();
    expect(await world.read(`${catalogChanged.name}.dlq`)).toEqual([]);
  }
  const rows = () =>
    client.catalogTrack.findMany({ select: { version: true, withdrawn: true, artistIds: true } });

  it('keeps the newest state of a track that changes many times, and leaves artists out', async () => {
    await publishEvents(world.log, catalogChanged, [
      createEvent(artistChanged, {
        source: 'catalog',
        key: artist,
        data: { id: artist, stateVersion: 1, name: 'Ann', popularity: 1, genres: [] },
      }),
      told('blue', 1),
      told('blue', 2, { withdrawnAt: '2026-05-01T00:00:00Z' }),
      told('blue', 3),
      // As a relay tells it that crashed.
      told('blue', 2, { withdrawnAt: '2026-05-01T00:00:00Z' }),
    ]);
    await follow();
    expect(await rows()).toEqual([{ version: 3, withdrawn: false, artistIds: [expect.any(String)] }]);
  });

  it('takes a deleted track as withdrawn for good, also when its last state is told once more', async () => {
    const tombstone = { key: idOf('blue'), value: null };
    await publishEvents(world.log, catalogChanged, [told('blue', 1), deleted('blue', 2)]);
    await world.log.append(catalogChanged.name, [tombstone]);
    await publishEvents(world.log, catalogChanged, [told('blue', 1), deleted('blue', 2)]);
    await follow();
    expect(await rows()).toEqual([{ version: 2, withdrawn: true, artistIds: [] }]);
  });

  it('takes a track as withdrawn of which only the tombstone came', async () => {
    await publishEvents(world.log, catalogChanged, [told('blue', 1)]);
    await follow();
    await world.log.append(catalogChanged.name, [{ key: idOf('blue'), value: null }]);
    await world.log.append(catalogChanged.name, [{ key: artist, value: null }]);
    await follow();
    expect(await rows()).toMatchObject([{ version: 1, withdrawn: true }]);
  });

  it('copies the 12,000 tracks of a first start within seconds', async () => {
    const markets = Array.from({ length: 40 }, (_, set) =>
      Array.from({ length: 180 - set }, (_, index) => `${letter(index / 26)}${letter(index)}`),
    );
    const events = Array.from({ length: 12_000 }, (_, number) =>
      told(number, 1, { availableMarkets: markets[number % markets.length] }),
    );
    await publishEvents(world.log, catalogChanged, events);
    const begin = performance.now();
    await follow();
    console.info(`12,000 tracks in ${Math.round(performance.now() - begin)} ms on ${testDatabaseKind}`);
    expect(await client.catalogTrack.count()).toBe(12_000);
    expect(await client.marketSet.count()).toBe(40);
  });
});

const letter = (index: number) => String.fromCharCode(65 + (Math.floor(index) % 26));
