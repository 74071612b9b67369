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
    await prisma.$executeRaw`TRUNCATE catalog.tracks, catalog.albums, catalog.artists, catalog.outbox, catalog.tombstones,
      catalog.licence_changes RESTART IDENTITY CASCADE`;
    await prisma.$executeRaw`UPDATE catalog.licence_clock SET applied_until = ${new Date(start)}, pruned_until = 0`;
  });

  const describeTracks = (names: readonly string[], values: Partial<TrackValues> = {}) =>
    writer.upsert({
      source: { precision: 'described', date: 0 },
      artists: [{ id: artistId, values: { name: 'Ann' } }],
      albums: [{ id: albumId, values: { title: 'Sky' } }],
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
  /** The events since the last time, as `type version`, and the tracks of which the feed tells. */
  let read = { events: 0n, seq: 0n };
  const news = async () => {
    const events = await changes.changesSince(read.events, 1_000);
    const told = await feed.changesSince(read.seq, 1_000);
    read = { events: events.at(-1)?.id ?? read.events, seq: told.seq };
    return {
      events: events.map(({ type, version }) => `${type} ${version}`),
      told: told.trackIds.toSorted(),
    };
  };
  const nothing = { events: [], told: [] };
  beforeEach(() => {
    read = { events: 0n, seq: 0n };
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

  it('writes nothing when the same is decided again', async () => {
    await describeTracks(['blue'], { availableMarkets: ['FR'] });
    const windows = [window('DE', start - day, start + day), window('US', -Infinity, Infinity)];
    const decisions: (() => Promise<unknown>)[] = [
      () => writer.setMarkets(id('blue'), ['US', 'DE']),
      () => writer.setLicenceWindows(id('blue'), windows),
      () => writer.updateTrack(id('blue'), { title: 'Bluer', isrc: 'USQX91602319' }),
      () => writer.withdrawTrack(id('blue'), new Date()),
      () => writer.reinstateTrack(id('blue')),
    ];
    for (const decide of decisions) {
      await decide();
      expect(await news()).not.toEqual(nothing);
      const row = await prisma.track.findUniqueOrThrow({ where: { id: id('blue') } });
      await decide();
      expect(await news()).toEqual(nothing);
      expect(await prisma.track.findUniqueOrThrow({ where: { id: id('blue') } })).toEqual(row);
    }
    // The same in other words.
    const [german, american] = windows as [LicenceWindow, LicenceWindow];
    await writer.setLicenceWindows(id('blue'), [
      american,
      window('DE', start, german.until),
      window('DE', german.from, start),
    ]);
    expect(await news()).toEqual(nothing);
  });

  it('corrects what is named and nothing else, and imports do not change it back', async () => {
    await describeTracks(['blue'], { explicit: true, isrc: 'USQX91602319' });
    expect(await writer.updateTrack(id('blue'), { title: 'Blue!', isrc: null })).toMatchObject({
      title: 'Blue!',
      explicit: true,
      isrc: null,
    });
    await describeTracks(['blue'], { explicit: false, isrc: 'USQX91602319' });
    const row = await prisma.track.findUniqueOrThrow({ where: { id: id('blue') } });
    expect(row).toMatchObject({ title: 'Blue!', explicit: true, isrc: null, version: 2 });
    expect(await writer.updateTrack(id('unknown'), { title: 'x' })).toBeNull();
  });

  it('keeps the credits and genres of a track that is decided about', async () => {
    await describeTracks(['blue']);
    await writer.withdrawTrack(id('blue'), new Date());
    expect(await prisma.trackArtist.count({ where: { trackId: id('blue') } })).toBe(1);
    expect((await changes.changesSince(0n, 1_000)).at(-1)?.data.artists).toMatchObject([{ name: 'Ann' }]);
  });

  it('puts a track back, but not one that was never taken down', async () => {
    await describeTracks(['blue']);
    await news();
    await writer.reinstateTrack(id('blue'));
    expect(await news()).toEqual(nothing);
    await writer.withdrawTrack(id('blue'), new Date());
    expect(await news()).toEqual({ events: ['TrackChanged 2'], told: [id('blue')] });
    await writer.reinstateTrack(id('blue'));
    expect(await news()).toEqual({ events: ['TrackChanged 3'], told: [id('blue')] });
    const row = await prisma.track.findUniqueOrThrow({ where: { id: id('blue') } });
    expect(row.withdrawnAt).toBeNull();
  });

  it('is governed by windows until markets are set, whatever imports say', async () => {
    await describeTracks(['blue'], { availableMarkets: ['FR'] });
    await writer.setLicenceWindows(id('blue'), [window('DE', start, start + day)]);
    await describeTracks(['blue'], { availableMarkets: ['FR', 'GB'] });
    expect(await marketsOf('blue')).toEqual(['DE']);
    await writer.setMarkets(id('blue'), ['GB']);
    now = start + 2 * day;
    expect(await applyAll()).toBe(0);
    expect(await marketsOf('blue')).toEqual(['GB']);
    expect(await prisma.licenceWindow.count()).toBe(0);
    expect((await writer.setLicenceWindows(id('blue'), []))?.availableMarkets).toEqual([]);
  });

  it('has no two windows of a market that overlap or touch, whoever writes them', async () => {
    await describeTracks(['blue']);
    const write = (from: number, until: number, market = 'DE') =>
      prisma.licenceWindow.create({
        data: { trackId: id('blue'), market, validFrom: new Date(from), validUntil: new Date(until) },
      });
    await write(start, start + day);
    await write(start + day + 1, start + 2 * day);
    await write(start, start + day, 'US');
    for (const [from, until] of [
      [start - day, start],
      [start - day, start + 3 * day],
      [start + 1, start + 2],
    ] as const)
      await expect(write(from, until)).rejects.toThrow('overlap or touch');
    await expect(write(start + 9 * day, start + 9 * day)).rejects.toThrow();
    await expect(write(start, start + day, 'de')).rejects.toThrow();
    await expect(
      prisma.$executeRaw`UPDATE catalog.licence_windows SET valid_until = 'infinity' WHERE market = 'DE'`,
    ).rejects.toThrow('overlap or touch');
  });

  it('catches up in steps, each track once, with an event for each that changed', async () => {
    const names = Array.from({ length: 25 }, (_, index) => `t${index}`);
    await describeTracks(names);
    for (const name of names)
      await writer.setLicenceWindows(id(name), [
        window('DE', start, start + day),
        window('FR', start, start + day),
        window('US', start + day, start + 2 * day),
      ]);
    await news();
    now = start + day + 7;
    expect(await schedule.findNextInMs()).toBe(0);
    const first = await schedule.applyDue(10);
    expect(first).toEqual({ tracks: 10, changed: 10, lateMs: 7 });
    expect(await applyAll(10)).toBe(15);
    expect((await prisma.track.findMany()).map(({ availableMarkets }) => availableMarkets)).toEqual(
      names.map(() => ['US']),
    );
    const { events, told } = await news();
    expect(events).toEqual(names.map(() => 'TrackChanged 3'));
    expect(told).toHaveLength(25);
    expect(await schedule.findNextInMs()).toBe(day - 7);
  });

  it('is what the windows say, whenever they are set and however long nobody looked', async () => {
    const names = ['a', 'b', 'c', 'd'];
    const windowsOf = new Map<string, readonly LicenceWindow[]>();
    await describeTracks(names);
    let seed = 7;
    const random = (below: number) => {
      seed = (seed * 48_271) % 2_147_483_647;
      return seed % below;
    };
    for (let round = 0; round < 60; round += 1) {
      now += random(3) * 1_000;
      const name = names[random(4)] as string;
      if (random(2) === 0) {
        const windows = Array.from({ length: random(4) }, () => {
          const from = start + random(60) * 1_000;
          return window(random(2) === 0 ? 'DE' : 'US', from, from + (1 + random(20)) * 1_000);
        });
        windowsOf.set(name, windows);
        await writer.setLicenceWindows(id(name), windows);
        expect(await marketsOf(name)).toEqual(licensedMarkets(windows, now));
      }
      if (random(3) > 0) continue;
      await applyAll(1 + random(3));
      for (const [name, windows] of windowsOf)
        expect(await marketsOf(name), `${name} at ${now - start}`).toEqual(licensedMarkets(windows, now));
    }
  });

  it('loses no window that is set by a clock that was put back', async () => {
    await describeTracks(['blue', 'other']);
    await writer.setLicenceWindows(id('other'), [window('DE', start, start + day)]);
    now = start + day + 60_000;
    await applyAll();
    now = start + day - 60_000;
    await writer.setLicenceWindows(id('blue'), [window('US', start, start + day)]);
    now = start + day + 120_000;
    await applyAll();
    expect(await marketsOf('blue')).toEqual([]);
  });

  it('tells facts by the windows to the millisecond, also before the schedule has written them', async () => {
    await describeTracks(['blue', 'always'], { availableMarkets: ['FR'] });
    const ends = Date.now() + 400;
    await prisma.licenceWindow.createMany({
      data: [
        { trackId: id('blue'), market: 'DE', validUntil: new Date(ends) },
        { trackId: id('blue'), market: 'US', validFrom: new Date(ends), validUntil: new Date(ends + day) },
      ],
    });
    const factsOf = async (name: string) => (await catalog.findPlaybackFacts([id(name)]))[0];
    expect(await factsOf('blue')).toMatchObject({
      availableMarkets: ['DE'],
      availableMarketsUntil: new Date(ends),
    });
    await new Promise((resolve) => setTimeout(resolve, ends - Date.now() + 5));
    expect(await factsOf('blue')).toMatchObject({
      availableMarkets: ['US'],
      availableMarketsUntil: new Date(ends + day),
    });
    expect(await marketsOf('blue')).toEqual(['FR']);
    expect(await factsOf('always')).toMatchObject({ availableMarkets: ['FR'], availableMarketsUntil: null });
  });

  it('tells the licences of many tracks and markets in one statement', async () => {
    const names = Array.from({ length: 100 }, (_, index) => `t${index}`);
    await describeTracks(names, { availableMarkets: ['FR'] });
    await writer.setLicenceWindows(id('t0'), [
      window('DE', start, start + day),
      window('DE', start + 2 * day, Infinity),
    ]);
    const before = database.statements.count();
    const found = await catalog.findLicences([
      ...names.map((name) => ({ trackId: id(name), market: 'DE' })),
      ...names.map((name) => ({ trackId: id(name), market: 'FR' })),
      { trackId: id('t1'), market: null },
      { trackId: id('unknown'), market: 'FR' },
    ]);
    expect(database.statements.count() - before).toBe(1);
    const of = (name: string, market: string | null) =>
      found.find((row) => row.trackId === id(name) && row.market === market)?.windows;
    expect(of('t0', 'DE')).toEqual([
      window('DE', start, start + day),
      window('DE', start + 2 * day, Infinity),
    ]);
    expect(of('t0', 'FR')).toEqual([]);
    expect(of('t1', 'FR')).toEqual([window('FR', -Infinity, Infinity)]);
    expect(of('t1', 'DE')).toEqual([]);
    expect(of('t1', null)).toEqual([]);
    expect(of('unknown', 'FR')).toBeUndefined();
  });

  describe('who keeps facts', () => {
    const update = (set: string) => () =>
      prisma.$executeRawUnsafe(`UPDATE catalog.tracks SET ${set} WHERE id = '${id('blue')}'`);

    it.each<[string, () => Promise<unknown>]>([
      ['markets', update(`available_markets = '{US}'`)],
      ['a withdrawal', update('withdrawn_at = now()')],
      ['the explicit mark', update('explicit = true')],
      ['encodings', update(`encodings = '{LOW}'`)],
      ['the ISRC', update(`isrc = 'USQX91602319'`)],
      ['the duration', update('duration_ms = 2')],
      ['the album', update('album_id = NULL')],
      ['a release date', () => setRelease('2031-01-01')],
      ['a deletion', () => writer.deleteTrack(id('blue'))],
      ['an album that goes', () => prisma.album.delete({ where: { id: albumId } })],
      [
        'a window that somebody else writes',
        () => prisma.licenceWindow.create({ data: { trackId: id('blue'), market: 'DE' } }),
      ],
    ])('is told of %s', async (_, change) => {
      await describeTracks(['blue']);
      await news();
      await change();
      expect((await news()).told).toEqual([id('blue')]);
    });

    const setRelease = (date: string) =>
      writer.upsert({
        source: { precision: 'described', date: 0 },
        albums: [{ id: albumId, values: { release: { date, precision: 'DAY' } } }],
      });

    it('is told of windows that move or go', async () => {
      await describeTracks(['blue', 'red']);
      await prisma.licenceWindow.create({ data: { trackId: id('blue'), market: 'DE' } });
      await news();
      await prisma.$executeRaw`UPDATE catalog.licence_windows SET track_id = ${id('red')}::uuid`;
      expect((await news()).told).toEqual([id('blue'), id('red')].sort());
      await prisma.licenceWindow.deleteMany();
      expect((await news()).told).toEqual([id('red')]);
    });

    it('is not told of what facts do not hold, nor of new tracks', async () => {
      await describeTracks(['blue']);
      await prisma.$executeRaw`UPDATE catalog.tracks SET title = 'Bluer', popularity = 3, version = version + 1`;
      await setRelease('2031-01-01');
      await news();
      await setRelease('2031-01-01');
      await describeTracks(['blue', 'red']);
      expect((await news()).told).toEqual([]);
    });

    it('hears of each change once, in pages', async () => {
      await describeTracks(['a', 'b', 'c']);
      for (const name of ['a', 'b', 'a', 'c'])
        await writer.setMarkets(id(name), [name === 'b' ? 'DE' : 'US']);
      await writer.setMarkets(id('a'), ['FR']);
      const told = await feed.changesSince(0n, 2);
      expect(told).toMatchObject({ trackIds: [id('a'), id('b')], hasMore: true, reset: false });
      const rest = await feed.changesSince(told.seq, 2);
      expect(rest).toMatchObject({ trackIds: [id('c'), id('a')], hasMore: false });
      expect(await feed.changesSince(rest.seq, 2)).toEqual({ ...rest, trackIds: [] });
      expect(await feed.changesSince(null, 1)).toEqual({ ...rest, trackIds: [] });
      await expect(feed.changesSince(0n, 1_001)).rejects.toThrow('limit must be 1..1000');
    });

    it('is told to forget everything when what followed is not kept, or never was', async () => {
      expect(await feed.changesSince(0n, 10)).toEqual({
        seq: 0n,
        trackIds: [],
        hasMore: false,
        reset: false,
      });
      await describeTracks(['a', 'b', 'c']);
      for (const name of ['a', 'b', 'c']) await writer.setMarkets(id(name), ['US']);
      await prisma.$executeRaw`UPDATE catalog.licence_changes SET changed_at = ${new Date(start - 2 * day)} WHERE seq < 3`;
      await prisma.$executeRaw`UPDATE catalog.licence_changes SET changed_at = ${new Date(start)} WHERE seq = 3`;
      expect(await schedule.pruneChanges(day, 1)).toBe(1);
      expect(await schedule.pruneChanges(day, 10)).toBe(1);
      expect(await schedule.pruneChanges(day, 10)).toBe(0);
      const reset = { seq: 3n, trackIds: [], hasMore: false, reset: true };
      expect(await feed.changesSince(0n, 10)).toEqual(reset);
      expect(await feed.changesSince(1n, 10)).toEqual(reset);
      expect(await feed.changesSince(2n, 10)).toMatchObject({ trackIds: [id('c')], reset: false });
      expect(await feed.changesSince(4n, 10)).toEqual(reset);
      // The last one stays, however old: who is up to date is not ahead.
      now = start + 9 * day;
      expect(await schedule.pruneChanges(day, 10)).toBe(0);
      expect(await feed.changesSince(3n, 10)).toMatchObject({ seq: 3n, trackIds: [], reset: false });
    });

    it('misses nothing while writers of all kinds overlap', async () => {
      const names = Array.from({ length: 40 }, (_, index) => `t${index}`);
      await describeTracks(names);
      const heard = new Set<string>();
      let done = false;
      const follow = (async () => {
        let seq = 0n;
        for (;;) {
          const last = done;
          const told = await feed.changesSince(seq, 7);
          seq = told.seq;
          for (const trackId of told.trackIds) heard.add(trackId);
          if (last && !told.hasMore) return;
        }
      })();
      const write = (name: string, index: number): Promise<unknown> => {
        if (index % 4 === 0) return writer.setMarkets(id(name), ['US']);
        if (index % 4 === 1) return writer.setLicenceWindows(id(name), [window('DE', start, Infinity)]);
        if (index % 4 === 2)
          return prisma.track.update({ where: { id: id(name) }, data: { withdrawnAt: new Date() } });
        return prisma.$transaction([
          prisma.$executeRaw`UPDATE catalog.tracks SET explicit = true WHERE id = ${id(name)}::uuid`,
          prisma.$executeRaw`SELECT pg_sleep(0.01)`,
        ]);
      };
      await Promise.all(names.map(write)).finally(() => {
        done = true;
      });
      await follow;
      expect(heard.size).toBe(40);
    });
  });
});
