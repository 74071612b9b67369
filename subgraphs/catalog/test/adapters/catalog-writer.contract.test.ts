import { encodeId, importedUuid } from '@medley/ids';
import { openTestDatabase, testDatabaseKind } from '@medley/testing/database';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createPrismaCatalogWriter } from '../../src/adapters/prisma-catalog-writer.ts';
import { createPrismaChangeLog } from '../../src/adapters/prisma-outbox.ts';
import type { CatalogBatch, CatalogWriter, TrackValues } from '../../src/domain/catalog-writer.ts';
import type { ChangeLog } from '../../src/domain/change-log.ts';
import type { Source } from '../../src/domain/provenance.ts';
import { PrismaClient } from '../../src/generated/prisma/client.ts';

const list: Source = { precision: 'listed', date: Date.UTC(2021, 4, 21) };
const object: Source = { precision: 'described', date: Date.UTC(2018, 0, 1) };
const id = (kind: 'artist' | 'album' | 'track' | 'genre', name: string) => importedUuid('test', kind, name);

const track = id('track', 'blue');
const batch = (values: Partial<TrackValues> = {}, source = list): CatalogBatch => ({
  source,
  artists: [{ id: id('artist', 'ann'), values: { name: 'Ann' } }],
  albums: [{ id: id('album', 'sky'), values: { title: 'Sky' } }],
  tracks: [
    {
      id: track,
      values: {
        title: 'Blue',
        durationMs: 211_000,
        albumId: id('album', 'sky'),
        artistIds: [id('artist', 'ann')],
        ...values,
      },
    },
  ],
});

describe(`CatalogWriter on ${testDatabaseKind}`, () => {
  let database: Awaited<ReturnType<typeof openTestDatabase>>;
  let prisma: PrismaClient;
  let writer: CatalogWriter;
  let changes: ChangeLog;

  beforeAll(async () => {
    database = await openTestDatabase('catalog');
    prisma = new PrismaClient({ adapter: database.adapter });
    writer = createPrismaCatalogWriter(prisma);
    changes = createPrismaChangeLog(prisma);
  });
  afterAll(async () => {
    await prisma?.$disconnect();
    await database?.close();
  });
  beforeEach(async () => {
    await prisma.$executeRaw`TRUNCATE catalog.tracks, catalog.albums, catalog.artists, catalog.genres,
      catalog.outbox, catalog.tombstones CASCADE`;
  });

  const readTrack = () =>
    prisma.track.findUniqueOrThrow({
      where: { id: track },
      include: { artists: { orderBy: { position: 'asc' } }, album: true },
    });
  const newChanges = async () => {
    const all = await changes.changesSince(0n, 1_000);
    await prisma.$executeRaw`TRUNCATE catalog.outbox`;
    return all;
  };

  it('adds rows and tells the whole of them in the outbox, in one transaction', async () => {
    const result = await writer.upsert(batch({ availableMarkets: ['DE', 'FR'] }));
    expect(result).toMatchObject({
      artists: { added: 1, changed: 0, unchanged: 0 },
      albums: { added: 1 },
      tracks: { added: 1 },
      unplayableTrackIds: [],
      unresolved: [],
    });
    const written = await newChanges();
    expect(written.map(({ type, version }) => `${type} ${version}`)).toEqual([
      'ArtistChanged 1',
      'AlbumChanged 1',
      'TrackChanged 1',
    ]);
    expect(written[2]?.key).toBe(encodeId('track', track));
    expect(written[2]?.data).toEqual({
      id: encodeId('track', track),
      title: 'Blue',
      durationMs: 211_000,
      explicit: false,
      isrc: null,
      discNumber: null,
      trackNumber: null,
      popularity: 0,
      availableMarkets: ['DE', 'FR'],
      encodings: ['LOW', 'MEDIUM', 'NORMAL', 'HIGH', 'LOSSLESS'],
      audioFeatures: null,
      withdrawnAt: null,
      albumId: undefined,
      artists: [{ id: encodeId('artist', id('artist', 'ann')), name: 'Ann' }],
      album: { id: encodeId('album', id('album', 'sky')), title: 'Sky', type: null, releaseDate: null },
      genres: [],
    });
  });

  it('changes nothing when the same is said again', async () => {
    await writer.upsert(batch());
    await newChanges();
    const result = await writer.upsert(batch());
    expect(result.tracks).toEqual({ added: 0, changed: 0, unchanged: 1 });
    expect(await newChanges()).toEqual([]);
    expect((await readTrack()).version).toBe(1);
  });

  it('raises the version of what changed and of nothing else', async () => {
    await writer.upsert(batch());
    await newChanges();
    await writer.upsert(batch({ durationMs: 211_240, isrc: 'USQX91602319' }, object));
    const written = await newChanges();
    expect(written.map(({ type, version }) => `${type} ${version}`)).toEqual(['TrackChanged 2']);
    expect(await readTrack()).toMatchObject({ durationMs: 211_240, isrc: 'USQX91602319', version: 2 });
  });

  it('comes to the same rows whatever the order of sources', async () => {
    const sources = [
      batch({ isrc: null, artistIds: [id('artist', 'ann'), id('artist', 'bob')] }),
      batch({ durationMs: 211_240, explicit: true, availableMarkets: ['DE'] }, object),
      {
        source: { precision: 'listed' as const, date: Date.UTC(2022, 0, 1) },
        tracks: [
          { id: track, values: { title: 'Blu', durationMs: 1_000 }, assumed: { availableMarkets: ['US'] } },
        ],
      },
    ];
    const rowsAfter = async (order: readonly number[]) => {
      await prisma.$executeRaw`TRUNCATE catalog.tracks, catalog.albums, catalog.artists CASCADE`;
      for (const index of order) await writer.upsert(sources[index] as CatalogBatch);
      return prisma.track.findMany({
        omit: { version: true },
        include: { artists: { orderBy: { position: 'asc' } } },
      });
    };
    const expected = await rowsAfter([0, 1, 2]);
    expect(expected[0]).toMatchObject({ title: 'Blue', durationMs: 211_240, availableMarkets: ['DE'] });
    for (const order of [
      [0, 2, 1],
      [1, 0, 2],
      [1, 2, 0],
      [2, 0, 1],
      [2, 1, 0],
    ])
      expect(await rowsAfter(order)).toEqual(expected);
  });

  it('keeps a reference to what nobody described yet, by a stand-in', async () => {
    const { artists, albums, ...tracksOnly } = batch();
    const result = await writer.upsert(tracksOnly);
    expect(result.unresolved).toEqual([
      { from: track, kind: 'album', to: id('album', 'sky') },
      { from: track, kind: 'artist', to: id('artist', 'ann') },
    ]);
    expect((await readTrack()).album?.title).toBe('Unknown album');
    const again = await writer.upsert(tracksOnly);
    expect(again).toMatchObject({ albums: { added: 0, changed: 0 }, unresolved: { length: 2 } });
    const described = await writer.upsert({ source: list, artists, albums });
    expect(described).toMatchObject({ albums: { changed: 1 }, artists: { changed: 1 } });
    expect((await readTrack()).album?.title).toBe('Sky');
    expect((await writer.upsert(tracksOnly)).unresolved).toEqual([]);
  });

  it('counts a row once that a batch names twice', async () => {
    const once = batch();
    const result = await writer.upsert({ ...once, tracks: [...(once.tracks ?? []), ...(once.tracks ?? [])] });
    expect(result.tracks).toEqual({ added: 1, changed: 0, unchanged: 0 });
  });

  it('writes genres, releases and all that an artist and an album have', async () => {
    const jazz = id('genre', 'jazz');
    await writer.upsert({
      source: object,
      genres: [{ id: jazz, values: { slug: 'jazz', name: 'Jazz' } }],
      artists: [
        { id: id('artist', 'ann'), values: { name: 'Ann', bio: 'Sings.', popularity: 7, genreIds: [jazz] } },
      ],
      albums: [
        {
          id: id('album', 'sky'),
          values: {
            title: 'Sky',
            type: 'EP',
            release: { date: '1977-05-01', precision: 'MONTH' },
            label: 'Sun',
            copyright: '℗ 1977 Sun',
            upc: '036000291452',
            artistIds: [id('artist', 'ann')],
          },
        },
      ],
    });
    const [genre, artist, album] = await newChanges();
    const genreData = { id: encodeId('genre', jazz), slug: 'jazz', name: 'Jazz' };
    expect(genre?.data).toEqual({ ...genreData, parent: null });
    expect(artist?.data).toMatchObject({ name: 'Ann', bio: 'Sings.', popularity: 7, genres: [genreData] });
    expect(album?.data).toMatchObject({
      type: 'EP',
      releaseDate: { value: '1977-05', precision: 'MONTH' },
      label: 'Sun',
      copyright: '℗ 1977 Sun',
      upc: '036000291452',
      artists: [{ name: 'Ann' }],
    });
    const row = await prisma.album.findFirstOrThrow();
    expect(row.releaseDate).toEqual(new Date('1977-05-01'));
  });

  it('withdraws a track, and imports do not bring it back', async () => {
    await writer.upsert(batch());
    await newChanges();
    const at = new Date('2026-11-23T08:30:00.123Z');
    expect(await writer.withdrawTrack(track, at)).toMatchObject({ id: track, title: 'Blue' });
    expect(await writer.withdrawTrack(track, new Date())).toMatchObject({ id: track });
    expect(await writer.withdrawTrack(id('track', 'unknown'), at)).toBeNull();
    const written = await newChanges();
    expect(written).toHaveLength(1);
    expect(written[0]).toMatchObject({ type: 'TrackChanged', version: 2 });
    expect(written[0]?.data.withdrawnAt).toBe('2026-11-23T08:30:00.123Z');
    await writer.upsert(batch({ title: 'Bluer', withdrawnAt: null }, object));
    expect(await readTrack()).toMatchObject({ withdrawnAt: at, title: 'Bluer', version: 3 });
  });

  it('sets markets, sorted and once each, and imports do not change them back', async () => {
    await writer.upsert(batch({ availableMarkets: ['DE', 'FR'] }, object));
    await newChanges();
    expect(await writer.setMarkets(track, ['US', 'CA', 'US'])).toMatchObject({
      availableMarkets: ['CA', 'US'],
    });
    expect((await newChanges())[0]?.data.availableMarkets).toEqual(['CA', 'US']);
    await writer.upsert(batch({ availableMarkets: ['DE', 'FR'] }, object));
    expect((await readTrack()).availableMarkets).toEqual(['CA', 'US']);
    expect(await writer.setMarkets(id('track', 'unknown'), [])).toBeNull();
  });

  it('names tracks that play nowhere for want of a word, not those that are said to play nowhere', async () => {
    const upsert = async (availableMarkets: readonly string[] | undefined) =>
      (await writer.upsert(batch({ availableMarkets }))).unplayableTrackIds;
    expect(await upsert(undefined)).toEqual([track]);
    expect(await upsert([])).toEqual([]);
    expect(await upsert(undefined)).toEqual([]);
  });

  it('deletes a track with a tombstone, and imports do not bring it back', async () => {
    await writer.upsert(batch());
    await newChanges();
    expect(await writer.deleteTrack(track)).toBe(true);
    expect(await writer.deleteTrack(track)).toBe(false);
    const key = encodeId('track', track);
    expect(await newChanges()).toMatchObject([
      { key, type: 'TrackDeleted', version: 2, data: { id: key, deleted: true } },
    ]);
    const result = await writer.upsert(batch());
    expect(result).toMatchObject({ tracks: { added: 0 }, deletedTrackIds: [track] });
    expect(await prisma.track.count()).toBe(0);
  });

  it('takes a constant number of statements for a batch of any size', async () => {
    const tracks = (count: number, prefix: string): CatalogBatch => ({
      source: list,
      tracks: Array.from({ length: count }, (_, index) => ({
        id: id('track', `${prefix}${index}`),
        values: { title: `${index}`, durationMs: 1_000, artistIds: [id('artist', 'ann')] },
      })),
    });
    const statements = async (work: () => Promise<unknown>) => {
      const before = database.statements.count();
      await work();
      return database.statements.count() - before;
    };
    await writer.upsert(batch());
    const few = await statements(() => writer.upsert(tracks(2, 'few')));
    expect(await statements(() => writer.upsert(tracks(500, 'many')))).toBe(few);
  });

  it('refuses a batch that is too large, and leaves nothing of one that fails', async () => {
    const artists = Array.from({ length: 1_001 }, (_, index) => ({
      id: id('artist', `${index}`),
      values: { name: 'x' },
    }));
    await expect(writer.upsert({ source: list, artists })).rejects.toThrow(
      'a batch has at most 1000 records, got 1001',
    );
    await expect(
      writer.upsert({ ...batch(), tracks: [{ id: id('track', 'none'), values: { title: 'No duration' } }] }),
    ).rejects.toThrow(/has no durationMs/);
    expect(await prisma.artist.count()).toBe(0);
    expect(await newChanges()).toEqual([]);
  });

  it('pages through the changes', async () => {
    await writer.upsert(batch());
    const [first] = await changes.changesSince(0n, 1);
    const rest = await changes.changesSince(first?.id ?? 0n, 1_000);
    expect(rest.map(({ type }) => type)).toEqual(['AlbumChanged', 'TrackChanged']);
    await expect(changes.changesSince(0n, 1_001)).rejects.toThrow('limit must be 1..1000');
  });

  it('orders the outbox by commit when writers overlap', async () => {
    const seen: bigint[] = [];
    const write = async (index: number) =>
      writer.upsert({
        source: list,
        artists: [{ id: id('artist', `w${index}`), values: { name: `${index}` } }],
      });
    const follow = (async () => {
      while (seen.length < 40) {
        const next = await changes.changesSince(seen.at(-1) ?? 0n, 1_000);
        seen.push(...next.map((change) => change.id));
      }
    })();
    await Promise.all([...Array.from({ length: 40 }, (_, index) => write(index)), follow]);
    expect(new Set(seen).size).toBe(40);
  });

  describe('audio features', () => {
    const features = {
      tempoBpm: 118.211,
      energy: 0.5,
      valence: 0.123,
      danceability: 1,
      acousticness: 0,
      instrumentalness: 0.7,
    };

    it('are kept as they are, told, and change nothing when they are said again', async () => {
      await writer.upsert(batch({ audioFeatures: features }));
      expect(await readTrack()).toMatchObject(features);
      expect((await newChanges()).at(-1)?.data.audioFeatures).toEqual(features);
      const again = await writer.upsert(batch({ audioFeatures: features }));
      expect(again.tracks).toEqual({ added: 0, changed: 0, unchanged: 1 });
      expect(await newChanges()).toEqual([]);
    });

    it('can be emptied', async () => {
      await writer.upsert(batch({ audioFeatures: features }));
      await writer.upsert(batch({ audioFeatures: null }, { ...list, date: Date.UTC(2022, 0, 1) }));
      expect(await readTrack()).toMatchObject({ energy: null, tempoBpm: null });
      expect((await newChanges()).at(-1)?.data.audioFeatures).toBeNull();
    });

    it('are said of tracks that something else describes, in the same batch or before it', async () => {
      const measured = [{ id: track, values: { audioFeatures: features } }];
      await writer.upsert({ ...batch(), audioFeatures: measured });
      expect(await readTrack()).toMatchObject(features);
      const louder = [{ id: track, values: { audioFeatures: { ...features, energy: 0.9 } } }];
      const later = { ...list, date: Date.UTC(2022, 0, 1) };
      const result = await writer.upsert({ source: later, audioFeatures: louder });
      expect(result).toMatchObject({ tracks: { changed: 1 }, unknownTrackIds: [] });
      expect(await readTrack()).toMatchObject({ title: 'Blue', energy: 0.9, version: 2 });
    });

    it('of tracks that nothing describes are left out', async () => {
      const unknown = id('track', 'unknown');
      const result = await writer.upsert({
        source: list,
        audioFeatures: [{ id: unknown, values: { audioFeatures: features } }],
      });
      expect(result).toMatchObject({ unknownTrackIds: [unknown], tracks: { added: 0 } });
      expect(await prisma.track.count()).toBe(0);
      expect(await newChanges()).toEqual([]);
    });

    it('are all there or none is, whoever writes', async () => {
      await writer.upsert(batch());
      await expect(prisma.$executeRaw`UPDATE catalog.tracks SET energy = 0.5`).rejects.toThrow();
    });
  });

  describe('genres', () => {
    const genre = (slug: string) => ({ id: id('genre', slug), values: { slug, name: slug } });
    const add = (...slugs: string[]) => writer.upsert({ source: list, genres: slugs.map(genre) });
    const parents = async () =>
      Object.fromEntries(
        (await prisma.genre.findMany({ include: { parent: true }, orderBy: { slug: 'asc' } })).map(
          ({ slug, parent }) => [slug, parent?.slug ?? null],
        ),
      );

    it('belong to the nearest wider one that there is', async () => {
      const result = await add('deep-house', 'electronic', 'my-own', 'techno');
      expect(result.genres).toEqual({ added: 4, changed: 0, unchanged: 0 });
      expect(await parents()).toEqual({
        'deep-house': 'electronic',
        electronic: null,
        'my-own': null,
        techno: 'electronic',
      });
      const told = (await newChanges()).find(({ key }) => key === encodeId('genre', id('genre', 'techno')));
      expect(told?.data).toEqual({
        id: encodeId('genre', id('genre', 'techno')),
        slug: 'techno',
        name: 'techno',
        parent: { id: encodeId('genre', id('genre', 'electronic')) },
      });
    });

    it('move when a nearer one comes, and say so', async () => {
      await add('deep-house');
      expect(await parents()).toEqual({ 'deep-house': null });
      await add('electronic');
      await newChanges();
      await add('house');
      expect(await parents()).toEqual({ 'deep-house': 'house', electronic: null, house: 'electronic' });
      expect((await newChanges()).map(({ data, version }) => `${data.slug} ${version}`).sort()).toEqual([
        'deep-house 3',
        'house 1',
      ]);
      const again = await add('deep-house', 'electronic', 'house');
      expect(again.genres).toEqual({ added: 0, changed: 0, unchanged: 3 });
      expect(await newChanges()).toEqual([]);
    });

    it('that were there before they had places get them as soon as they are named again', async () => {
      await add('rock', 'metal');
      await prisma.$executeRaw`UPDATE catalog.genres SET parent_id = NULL`;
      const { genres } = await add('rock', 'metal');
      expect(genres).toEqual({ added: 0, changed: 1, unchanged: 1 });
      expect(await parents()).toEqual({ metal: 'rock', rock: null });
    });
  });
});
