import type { Database } from '@medley/database';
import { publishEvents } from '@medley/event-log';
import {
  albumChanged,
  artistChanged,
  catalogChanged,
  createEvent,
  genreChanged,
  trackChanged,
  trackDeleted,
  withItsLetters,
} from '@medley/events';
import { createMetrics } from '@medley/service';
import { silentLogger } from '@medley/testing';
import { openTestDatabase, testDatabaseKind } from '@medley/testing/database';
import { openTestEventLog, type TestEventLog } from '@medley/testing/event-log';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createPrismaCatalogCopy } from '../src/adapters/prisma-catalog-copy.ts';
import { createPrismaCatalogFacts } from '../src/adapters/prisma-catalog-facts.ts';
import { openPrismaClient, type PrismaClient } from '../src/adapters/prisma-client.ts';
import { catalogGroup, startFollowingCatalog } from '../src/follow-catalog.ts';
import { idOf, middling, uuidOf } from './told-catalog.ts';

const source = 'catalog';
const track = (name: string | number, stateVersion: number, state: object = {}) =>
  createEvent(trackChanged, {
    source,
    key: idOf('track', name),
    data: {
      id: idOf('track', name),
      stateVersion,
      title: String(name),
      durationMs: 200_000,
      explicit: false,
      isrc: null,
      popularity: 7,
      availableMarkets: ['DE', 'US'],
      withdrawnAt: null,
      artists: [{ id: idOf('artist', 'ann'), name: 'Ann' }],
      album: { id: idOf('album', 'sky'), title: 'Sky' },
      genres: [{ id: idOf('genre', 'house'), slug: 'house', name: 'House' }],
      audioFeatures: middling,
      ...state,
    },
  });
const deleted = (name: string, stateVersion: number) =>
  createEvent(trackDeleted, {
    source,
    key: idOf('track', name),
    data: { id: idOf('track', name), stateVersion },
  });
const others = () => [
  createEvent(genreChanged, {
    source,
    key: idOf('genre', 'house'),
    data: {
      id: idOf('genre', 'house'),
      stateVersion: 1,
      slug: 'house',
      name: 'House',
      parent: { id: idOf('genre', 'electronic') },
    },
  }),
  createEvent(artistChanged, {
    source,
    key: idOf('artist', 'ann'),
    data: {
      id: idOf('artist', 'ann'),
      stateVersion: 1,
      name: 'Ann',
      popularity: 1,
      genres: [{ id: idOf('genre', 'house') }],
    },
  }),
  createEvent(albumChanged, {
    source,
    key: idOf('album', 'sky'),
    data: {
      id: idOf('album', 'sky'),
      stateVersion: 1,
      title: 'Sky',
      artists: [{ id: idOf('artist', 'ann') }],
      releasedOn: '1977-05-20',
    },
  }),
];

describe(`following the catalog on ${testDatabaseKind}`, () => {
  let database: Database;
  let client: PrismaClient;
  let world: TestEventLog;
  const crashes: Error[] = [];

  beforeAll(async () => {
    database = await openTestDatabase('recommendations');
    client = openPrismaClient(database);
  });
  afterAll(async () => {
    await client?.$disconnect();
    await database?.close();
  });
  beforeEach(async () => {
    crashes.length = 0;
    await client.$executeRaw`
      TRUNCATE recommendations.catalog_tracks, recommendations.catalog_artists, recommendations.catalog_albums,
        recommendations.catalog_genres, recommendations.market_sets RESTART IDENTITY`;
    world = await openTestEventLog();
    await world.log.admin.ensureTopics(withItsLetters(catalogChanged));
  });
  afterEach(async () => {
    await world?.close();
    expect(crashes).toEqual([]);
  });

  /** Follows until there is nothing left to follow. */
  async function catchUp() {
    const consumer = startFollowingCatalog({
      log: world.log,
      copy: createPrismaCatalogCopy(client),
      logger: silentLogger,
      metrics: createMetrics(),
      onCrash: (error) => crashes.push(error),
    });
    const lag = async () =>
      (await world.log.admin.positions(catalogGroup, [catalogChanged.name])).reduce(
        (sum, position) => sum + position.lag,
        0n,
      );
    await expect.poll(lag, { timeout: 50_000, interval: 50 }).toBe(0n);
    await consumer.stop();
  }
  /** The same, and nothing is refused. */
  async function follow() {
    await catchUp();
    expect(await world.read(`${catalogChanged.name}.dlq`)).toEqual([]);
  }
  const rows = () =>
    client.catalogTrack.findMany({ select: { version: true, withdrawn: true, title: true } });

  it('copies everything that is told', async () => {
    await publishEvents(world.log, catalogChanged, [...others(), track('blue', 1)]);
    await follow();
    const facts = createPrismaCatalogFacts(client);
    const [blue] = [...(await facts.findTracks([uuidOf('track', 'blue')])).values()];
    expect(blue).toMatchObject({
      title: 'blue',
      albumId: uuidOf('album', 'sky'),
      artistIds: [uuidOf('artist', 'ann')],
      genreIds: [uuidOf('genre', 'house')],
      features: middling,
      markets: new Set(['DE', 'US']),
    });
    expect([...(await facts.findArtists([uuidOf('artist', 'ann')])).values()]).toMatchObject([
      { name: 'Ann' },
    ]);
    expect([...(await facts.findAlbums([uuidOf('album', 'sky')])).values()]).toMatchObject([
      { releasedOn: '1977-05-20', artistIds: [uuidOf('artist', 'ann')] },
    ]);
    expect(await facts.allGenres()).toMatchObject([
      { slug: 'house', parentId: uuidOf('genre', 'electronic') },
    ]);
  });

  it('takes events from before features, dates and parents were told, and fills them in when all is told again', async () => {
    const before = [...others(), track('blue', 1)].map((event) => {
      const {
        audioFeatures: _,
        releasedOn: __,
        parent: ___,
        ...data
      } = event.data as Record<string, unknown>;
      return { ...event, data } as typeof event;
    });
    await publishEvents(world.log, catalogChanged, before);
    await follow();
    const features = async () => (await client.catalogTrack.findFirst())?.features;
    expect(await features()).toEqual([]);
    await publishEvents(world.log, catalogChanged, [...others(), track('blue', 1)]);
    await follow();
    expect(await features()).toHaveLength(6);
    expect((await client.catalogGenre.findFirst())?.parentId).toBe(uuidOf('genre', 'electronic'));
    expect((await client.catalogAlbum.findFirst())?.releasedOn).toEqual(new Date('1977-05-20'));
  });

  it('keeps the newest state of a track that changes many times', async () => {
    await publishEvents(world.log, catalogChanged, [
      track('blue', 1),
      track('blue', 2, { withdrawnAt: '2026-05-01T00:00:00Z' }),
      track('blue', 3),
      // As a relay tells it that crashed.
      track('blue', 2, { withdrawnAt: '2026-05-01T00:00:00Z' }),
    ]);
    await follow();
    expect(await rows()).toEqual([{ version: 3, withdrawn: false, title: 'blue' }]);
  });

  it('takes a deleted track as withdrawn for good, also when its last state is told once more', async () => {
    const tombstone = { key: idOf('track', 'blue'), value: null };
    await publishEvents(world.log, catalogChanged, [track('blue', 1), deleted('blue', 2)]);
    await world.log.append(catalogChanged.name, [tombstone]);
    await publishEvents(world.log, catalogChanged, [track('blue', 1), deleted('blue', 2)]);
    await follow();
    expect(await rows()).toEqual([{ version: 2, withdrawn: true, title: '' }]);
  });

  it('takes a track as withdrawn of which only the tombstone came', async () => {
    await publishEvents(world.log, catalogChanged, [track('blue', 1)]);
    await follow();
    await world.log.append(catalogChanged.name, [
      { key: idOf('track', 'blue'), value: null },
      { key: idOf('artist', 'ann'), value: null },
    ]);
    await follow();
    expect(await rows()).toMatchObject([{ version: 1, withdrawn: true }]);
  });

  it('refuses what has a malformed id, and takes what comes with it', async () => {
    const malformed = { ...track('red', 1), key: 'track_red' };
    await publishEvents(world.log, catalogChanged, [
      { ...malformed, data: { ...malformed.data, id: 'track_red' } },
      track('green', 1, { genres: [{ id: idOf('artist', 'ann'), name: 'Ann' }] }),
      track('blue', 1),
    ]);
    await world.log.append(catalogChanged.name, [{ key: 'track_red', value: null }]);
    await catchUp();
    expect(await rows()).toMatchObject([{ title: 'blue' }]);
    expect(await world.read(`${catalogChanged.name}.dlq`)).toHaveLength(2);
  });

  it('copies the 12,000 tracks of a first start within seconds', async () => {
    const letter = (index: number) => String.fromCharCode(65 + (Math.floor(index) % 26));
    const markets = Array.from({ length: 40 }, (_, set) =>
      Array.from({ length: 180 - set }, (_, index) => `${letter(index / 26)}${letter(index)}`),
    );
    const events = Array.from({ length: 12_000 }, (_, number) =>
      track(number, 1, { availableMarkets: markets[number % markets.length] }),
    );
    await publishEvents(world.log, catalogChanged, events);
    const begin = performance.now();
    await follow();
    console.info(`12,000 tracks in ${Math.round(performance.now() - begin)} ms on ${testDatabaseKind}`);
    expect(await client.catalogTrack.count()).toBe(12_000);
    expect(await client.marketSet.count()).toBe(40);
  });
});
