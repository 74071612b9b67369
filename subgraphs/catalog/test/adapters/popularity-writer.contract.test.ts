import { encodeId, newUuid } from '@medley/ids';
import { openTestDatabase, testDatabaseKind } from '@medley/testing/database';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createPrismaCatalogWriter } from '../../src/adapters/prisma-catalog-writer.ts';
import { createPrismaChangeLog } from '../../src/adapters/prisma-outbox.ts';
import { createPrismaPopularityWriter } from '../../src/adapters/prisma-popularity-writer.ts';
import type { PopularityWriter } from '../../src/domain/popularity-writer.ts';
import type { Precision } from '../../src/domain/provenance.ts';
import { PrismaClient } from '../../src/generated/prisma/client.ts';
import { createRows, type Rows, uuid } from '../catalog-rows.ts';

const day = (of: number) => new Date(Date.UTC(2026, 4, of));
const measured = (track: string, popularity: number, measuredAt = day(1)) => ({
  trackId: uuid('track', track),
  popularity,
  measuredAt,
});

describe(`PopularityWriter on ${testDatabaseKind}`, () => {
  let database: Awaited<ReturnType<typeof openTestDatabase>>;
  let prisma: PrismaClient;
  let rows: Rows;
  let writer: PopularityWriter;

  beforeAll(async () => {
    database = await openTestDatabase('catalog');
    prisma = new PrismaClient({ adapter: database.adapter });
    rows = createRows(prisma);
    writer = createPrismaPopularityWriter(prisma);
  });
  afterAll(async () => {
    await prisma?.$disconnect();
    await database?.close();
  });
  beforeEach(async () => {
    await rows.clear();
    await rows.genres('jazz');
    await rows.artists({ name: 'ann', popularity: 90, genres: ['jazz'] }, { name: 'bob', popularity: 10 });
    await rows.tracks(
      { name: 'blue', artists: ['ann'], values: { popularity: 70 } },
      { name: 'red', artists: ['ann', 'bob'], values: { popularity: 30 } },
    );
  });

  const popularity = async () => {
    const [tracks, artists] = [await prisma.track.findMany(), await prisma.artist.findMany()];
    return Object.fromEntries([
      ...tracks.map(({ title, popularity }) => [title, popularity]),
      ...artists.map(({ name, popularity }) => [name, popularity]),
    ]);
  };
  const newChanges = async () => {
    const all = await createPrismaChangeLog(prisma).changesSince(0n, 1_000);
    await prisma.outbox.deleteMany();
    return all;
  };
  const imported = (precision: Precision, of: number, year: number) =>
    createPrismaCatalogWriter(prisma).upsert({
      source: { precision, date: Date.UTC(year, 0, 1) },
      tracks: [{ id: uuid('track', 'blue'), values: { title: 'blue', durationMs: 200_000, popularity: of } }],
    });

  it('makes tracks as popular as measured, and artists as their most popular track', async () => {
    const written = await writer.takeMeasured([measured('blue', 40), measured('red', 55)]);
    expect(written).toEqual({ tracks: 2, artists: 2 });
    expect(await popularity()).toEqual({ blue: 40, red: 55, ann: 55, bob: 55 });
  });

  it('takes tracks into account that were not measured', async () => {
    await writer.takeMeasured([measured('red', 55)]);
    expect(await popularity()).toEqual({ blue: 70, red: 55, ann: 70, bob: 55 });
  });

  it('moves what is sorted by it', async () => {
    await writer.takeMeasured([measured('blue', 1), measured('red', 2)]);
    const found = await prisma.trackArtist.findMany({
      where: { artistId: uuid('artist', 'ann') },
      orderBy: { popularity: 'desc' },
    });
    expect(found.map(({ trackId }) => trackId)).toEqual([uuid('track', 'red'), uuid('track', 'blue')]);
    expect(await prisma.artistGenre.findMany()).toMatchObject([{ popularity: 2 }]);
    expect(await prisma.genreTrack.findMany({ orderBy: { popularity: 'asc' } })).toMatchObject([
      { trackId: uuid('track', 'blue'), popularity: 1 },
      { trackId: uuid('track', 'red'), popularity: 2 },
    ]);
  });

  it('tells what changed, in the same transaction, whole and with a higher version', async () => {
    await writer.takeMeasured([measured('red', 80)]);
    const changes = await newChanges();
    expect(changes.map(({ key, type, version }) => [key, type, version])).toEqual([
      [encodeId('track', uuid('track', 'red')), 'TrackChanged', 2],
      ...['ann', 'bob']
        .map((name) => encodeId('artist', uuid('artist', name)))
        .sort()
        .map((key) => [key, 'ArtistChanged', 2]),
    ]);
    expect(changes[0]?.data).toMatchObject({
      popularity: 80,
      title: 'red',
      availableMarkets: ['DE', 'US'],
      genres: [{ slug: 'jazz' }],
    });
    const ann = changes.find(({ key }) => key === encodeId('artist', uuid('artist', 'ann')));
    expect(ann?.data).toMatchObject({
      popularity: 80,
      name: 'ann',
      genres: [{ slug: 'jazz', name: 'jazz' }],
    });
  });

  it('does not tell streaming, whose decisions do not rest on it', async () => {
    const count = await prisma.licenceChange.count();
    await writer.takeMeasured([measured('red', 81)]);
    expect(await prisma.licenceChange.count()).toBe(count);
  });

  it('writes nothing when the same is measured again', async () => {
    await writer.takeMeasured([measured('blue', 40), measured('red', 55)]);
    await newChanges();
    for (const at of [day(1), day(2)])
      expect(await writer.takeMeasured([measured('blue', 40, at)])).toEqual({ tracks: 0, artists: 0 });
    expect(await newChanges()).toEqual([]);
  });

  it('comes to the same in whatever order, and however often, it is told', async () => {
    const told = [
      measured('blue', 40),
      measured('red', 55),
      measured('blue', 20, day(2)),
      measured('red', 60, day(3)),
    ];
    const expected = { blue: 20, red: 60, ann: 60, bob: 60 };
    for (const order of [
      [0, 1, 2, 3],
      [3, 2, 1, 0],
      [2, 0, 2, 3, 1, 0, 0],
    ]) {
      await rows.clear();
      await rows.artists({ name: 'ann' }, { name: 'bob' });
      await rows.tracks({ name: 'blue', artists: ['ann'] }, { name: 'red', artists: ['ann', 'bob'] });
      for (const index of order) await writer.takeMeasured([told[index] as (typeof told)[number]]);
      expect(await popularity()).toEqual(expected);
      await writer.takeMeasured(order.map((index) => told[index] as (typeof told)[number]));
      expect(await popularity()).toEqual(expected);
    }
  });

  it('lets an artist fall when all tracks have fallen, one after another, measured at one time', async () => {
    await writer.takeMeasured([measured('blue', 50)]);
    expect(await popularity()).toMatchObject({ ann: 50 });
    await writer.takeMeasured([measured('red', 5)]);
    await writer.takeMeasured([measured('blue', 3, day(2))]);
    expect(await popularity()).toMatchObject({ ann: 5, bob: 5 });
  });

  it('makes up for artists when it was cut off after the tracks', async () => {
    await prisma.$executeRaw`UPDATE catalog.tracks SET popularity = 64,
      provenance = ${JSON.stringify({ [`measured:${day(1).toISOString()}`]: ['popularity'] })}::jsonb
      WHERE id = ${uuid('track', 'red')}::uuid`;
    expect(await writer.takeMeasured([measured('red', 64)])).toEqual({ tracks: 0, artists: 2 });
    expect(await popularity()).toMatchObject({ ann: 70, bob: 64 });
  });

  it('is not undone by an import, however late and precise', async () => {
    await writer.takeMeasured([measured('blue', 40)]);
    await imported('listed', 99, 2030);
    await imported('described', 98, 2031);
    expect(await popularity()).toMatchObject({ blue: 40 });
    expect(await prisma.artist.findMany({ where: { popularity: 40 } })).toHaveLength(1);
  });

  it('comes after what an import says, and before what somebody decided', async () => {
    await imported('described', 98, 2031);
    await writer.takeMeasured([measured('blue', 40)]);
    expect(await popularity()).toMatchObject({ blue: 40 });
    await prisma.track.update({
      where: { id: uuid('track', 'blue') },
      data: { popularity: 77, provenance: { decided: ['popularity'] } },
    });
    await writer.takeMeasured([measured('blue', 41, day(9))]);
    expect(await popularity()).toMatchObject({ blue: 77 });
  });

  it('leaves out tracks that are not there', async () => {
    const gone = { ...measured('blue', 50), trackId: newUuid() };
    expect(await writer.takeMeasured([gone, measured('red', 31)])).toEqual({ tracks: 1, artists: 2 });
    expect(await writer.takeMeasured([gone])).toEqual({ tracks: 0, artists: 0 });
    expect(await writer.takeMeasured([])).toEqual({ tracks: 0, artists: 0 });
  });

  it('takes as many as it says, of which each has artists of its own, by few statements', async () => {
    const names = Array.from({ length: 250 }, (_, index) => `many ${index}`);
    const artistsOf = (name: string) => [`${name} a`, `${name} b`];
    await rows.artists(...names.flatMap(artistsOf).map((name) => ({ name })));
    await rows.tracks(...names.map((name) => ({ name, artists: artistsOf(name) })));
    const before = database.statements.count();
    const told = names.map((name, index) => measured(name, 1 + (index % 100)));
    expect(await writer.takeMeasured(told)).toEqual({ tracks: 250, artists: 500 });
    expect(database.statements.count() - before).toBeLessThan(30);
    await expect(writer.takeMeasured([...told, measured('blue', 1)])).rejects.toThrow(
      new RangeError('at most 250 tracks at once, got 251'),
    );
  });
});
