import type { Database } from '@medley/database';
import { openTestDatabase, testDatabaseKind } from '@medley/testing/database';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createPrismaCatalogCopy } from '../../src/adapters/prisma-catalog-copy.ts';
import { createPrismaCatalogFacts } from '../../src/adapters/prisma-catalog-facts.ts';
import { openPrismaClient, type PrismaClient } from '../../src/adapters/prisma-client.ts';
import type { CatalogCopy } from '../../src/domain/catalog-copy.ts';
import type { CatalogFacts, TrackFacts } from '../../src/domain/catalog-facts.ts';
import { mayPlay } from '../../src/domain/catalog-facts.ts';
import { idOf, middling, states, told, uuidOf } from '../told-catalog.ts';

describe(`CatalogFacts on ${testDatabaseKind}`, () => {
  let database: Database;
  let client: PrismaClient;
  let copy: CatalogCopy;
  let facts: CatalogFacts;
  let now: number;

  beforeAll(async () => {
    database = await openTestDatabase('recommendations');
    client = openPrismaClient(database);
    copy = createPrismaCatalogCopy(client);
  });
  afterAll(async () => {
    await client?.$disconnect();
    await database?.close();
  });
  beforeEach(async () => {
    await client.$executeRaw`
      TRUNCATE recommendations.catalog_tracks, recommendations.catalog_artists, recommendations.catalog_albums,
        recommendations.catalog_genres, recommendations.market_sets RESTART IDENTITY`;
    now = Date.UTC(2026, 5, 1, 12);
    facts = createPrismaCatalogFacts(client, () => now);
  });

  const save = (some: Parameters<typeof states>[0]) => copy.save(states(some));
  const find = async (name: string) =>
    (await facts.findTracks([uuidOf('track', name)])).get(uuidOf('track', name));
  const titles = (tracks: readonly TrackFacts[] | undefined) => tracks?.map(({ title }) => title);

  it('knows what is recommended of a track, and to whom', async () => {
    await save({
      tracks: [
        told.track('blue', {
          artists: ['ann', 'zoe', 'ann'],
          genres: ['house', 'pop'],
          album: 'sky',
          explicit: true,
          popularity: 77,
          features: { ...middling, tempoBpm: 123.456, valence: 0.123 },
        }),
        told.track('rare', { markets: [] }),
      ],
    });
    expect(await find('blue')).toEqual({
      id: uuidOf('track', 'blue'),
      title: 'blue',
      explicit: true,
      withdrawn: false,
      popularity: 77,
      albumId: uuidOf('album', 'sky'),
      artistIds: [uuidOf('artist', 'ann'), uuidOf('artist', 'zoe')],
      genreIds: [uuidOf('genre', 'house'), uuidOf('genre', 'pop')],
      features: { ...middling, tempoBpm: 123.456, valence: 0.123 },
      markets: new Set(['DE', 'US']),
    });
    const rare = (await find('rare')) as TrackFacts;
    expect(rare).toMatchObject({ albumId: null, genreIds: [], features: null, markets: new Set() });
    expect(mayPlay(rare, { market: 'DE', explicit: true })).toBe(false);
    expect(await find('never-known')).toBeUndefined();
  });

  it('knows artists, albums and genres', async () => {
    await save({
      genres: [told.genre('electronic'), told.genre('house', { parent: 'electronic' })],
      artists: [told.artist('ann', { genres: ['house', 'electronic'], popularity: 3 })],
      albums: [told.album('sky', { releasedOn: '1977-05-20' }), told.album('sea', { artists: [] })],
    });
    const ann = uuidOf('artist', 'ann');
    expect((await facts.findArtists([ann])).get(ann)).toEqual({
      id: ann,
      name: 'ann',
      popularity: 3,
      genreIds: [uuidOf('genre', 'house'), uuidOf('genre', 'electronic')],
    });
    const [sky, sea] = [uuidOf('album', 'sky'), uuidOf('album', 'sea')];
    expect([...(await facts.findAlbums([sky, sea])).values()]).toEqual(
      expect.arrayContaining([
        { id: sky, title: 'sky', artistIds: [ann], releasedOn: '1977-05-20' },
        { id: sea, title: 'sea', artistIds: [], releasedOn: null },
      ]),
    );
    const electronic = {
      id: uuidOf('genre', 'electronic'),
      slug: 'electronic',
      name: 'electronic',
      parentId: null,
    };
    expect((await facts.findGenres([electronic.id])).get(electronic.id)).toEqual(electronic);
    expect(await facts.allGenres()).toEqual([
      electronic,
      { id: uuidOf('genre', 'house'), slug: 'house', name: 'house', parentId: electronic.id },
    ]);
  });

  it('goes by the newest state, however late an older one comes', async () => {
    await save({
      tracks: [told.track('blue', { version: 3, explicit: true })],
      artists: [told.artist('ann', { version: 2, name: 'Ann' })],
      albums: [told.album('sky', { version: 2, title: 'Sky' })],
      genres: [told.genre('house', { version: 2, name: 'House' })],
    });
    await save({
      tracks: [told.track('blue', { version: 2, withdrawn: true })],
      artists: [told.artist('ann')],
      albums: [told.album('sky')],
      genres: [told.genre('house')],
    });
    expect(await find('blue')).toMatchObject({ explicit: true, withdrawn: false });
    expect((await facts.findArtists([uuidOf('artist', 'ann')])).get(uuidOf('artist', 'ann'))?.name).toBe(
      'Ann',
    );
    expect((await facts.findAlbums([uuidOf('album', 'sky')])).get(uuidOf('album', 'sky'))?.title).toBe('Sky');
    expect((await facts.allGenres())[0]?.name).toBe('House');
  });

  it('takes what the same version tells more of, as when all is told again by a newer catalog', async () => {
    await save({ tracks: [told.track('blue')], albums: [told.album('sky')] });
    await save({
      tracks: [told.track('blue', { features: middling })],
      albums: [told.album('sky', { releasedOn: '2020-01-01' })],
    });
    expect((await find('blue'))?.features).toEqual(middling);
    expect((await facts.findAlbums([uuidOf('album', 'sky')])).get(uuidOf('album', 'sky'))?.releasedOn).toBe(
      '2020-01-01',
    );
  });

  it('writes nothing when it is told again what it knows', async () => {
    const all = {
      genres: [told.genre('house', { parent: 'electronic' })],
      artists: [told.artist('ann', { genres: ['house'] })],
      albums: [told.album('sky', { releasedOn: '2020-01-01' })],
      tracks: [told.track('blue', { features: { ...middling, energy: 0.321 } })],
    };
    await save(all);
    const rows = () => client.$queryRaw`
      SELECT xmin::text, ctid::text FROM recommendations.catalog_tracks UNION ALL
      SELECT xmin::text, ctid::text FROM recommendations.catalog_artists UNION ALL
      SELECT xmin::text, ctid::text FROM recommendations.catalog_albums UNION ALL
      SELECT xmin::text, ctid::text FROM recommendations.catalog_genres`;
    const before = await rows();
    await save(all);
    expect(await rows()).toEqual(before);
  });

  it('takes a forgotten track as withdrawn, until its state is told again', async () => {
    await save({ tracks: [told.track('blue', { version: 2 }), told.track('red')] });
    await copy.withdraw([idOf('track', 'blue'), idOf('track', 'never-known')]);
    expect([(await find('blue'))?.withdrawn, (await find('red'))?.withdrawn]).toEqual([true, false]);
    await save({ tracks: [told.track('blue')] });
    expect((await find('blue'))?.withdrawn).toBe(true);
    await save({ tracks: [told.track('blue', { version: 2 })] });
    expect((await find('blue'))?.withdrawn).toBe(false);
  });

  it('takes the same tracks from several at once', async () => {
    const versions = Array.from({ length: 4 }, (_, index) =>
      Array.from({ length: 200 }, (_, number) =>
        told.track(number, { version: index + 1, markets: [['DE', 'FR', 'JP'][number % 3] as string] }),
      ).toSorted((one, other) => (index % 2 ? 1 : -1) * (one.id < other.id ? -1 : 1)),
    );
    await Promise.all(versions.map((tracks) => save({ tracks })));
    expect(await client.catalogTrack.count({ where: { version: 4 } })).toBe(200);
    expect(await client.marketSet.count()).toBe(3);
  });

  it('takes a track whose album is not out yet as withdrawn, until the day on which it comes out', async () => {
    await save({
      albums: [told.album('tomorrow', { releasedOn: '2026-06-02' })],
      tracks: [told.track('blue', { album: 'tomorrow' })],
    });
    const lists = async () => [
      (await find('blue'))?.withdrawn,
      (await facts.popular({ audience: { market: 'DE', explicit: true }, limit: 5 })).length,
      (await facts.tracksOfArtists([uuidOf('artist', 'ann')], 5)).size,
      (await facts.newTracksOfArtists([uuidOf('artist', 'ann')], '2026-01-01', 5)).length,
    ];
    expect(await lists()).toEqual([true, 0, 0, 0]);
    now += 86_400_000;
    expect(await lists()).toEqual([false, 1, 1, 1]);
  });

  it('tells the tracks of each artist, the most popular first, guests too', async () => {
    await save({
      tracks: [
        ...[10, 30, 20].map((popularity) => told.track(`ann ${popularity}`, { popularity })),
        told.track('both', { popularity: 25, artists: ['zoe', 'ann'] }),
        told.track('gone', { popularity: 99, withdrawn: true }),
      ],
    });
    const [ann, zoe, nobody] = ['ann', 'zoe', 'nobody'].map((name) => uuidOf('artist', name)) as [
      string,
      string,
      string,
    ];
    const found = await facts.tracksOfArtists([zoe, ann, nobody], 3);
    expect(titles(found.get(ann))).toEqual(['ann 30', 'both', 'ann 20']);
    expect(titles(found.get(zoe))).toEqual(['both']);
    expect(found.has(nobody)).toBe(false);
  });

  it('tells what is new of some artists, the newest first', async () => {
    await save({
      albums: [
        told.album('old', { releasedOn: '2026-03-31' }),
        told.album('new', { releasedOn: '2026-04-01' }),
        told.album('newest', { releasedOn: '2026-05-20' }),
        told.album('dateless'),
      ],
      tracks: [
        ...['old', 'new', 'newest', 'dateless'].map((album) => told.track(`on ${album}`, { album })),
        told.track('of another', { album: 'newest', artists: ['zoe'] }),
        told.track('gone', { album: 'newest', withdrawn: true }),
      ],
    });
    const found = await facts.newTracksOfArtists([uuidOf('artist', 'ann')], '2026-04-01', 10);
    expect(found.map(({ title, releasedOn }) => [title, releasedOn])).toEqual([
      ['on newest', '2026-05-20'],
      ['on new', '2026-04-01'],
    ]);
    expect(await facts.newTracksOfArtists([], '2026-04-01', 10)).toEqual([]);
  });

  it('tells what is popular with an audience', async () => {
    await save({
      tracks: [
        told.track('everywhere', { popularity: 40 }),
        told.track('german', { popularity: 90, markets: ['AT', 'DE'] }),
        told.track('american', { popularity: 95, markets: ['US'] }),
        told.track('explicit', { popularity: 80, explicit: true }),
        told.track('gone', { popularity: 99, withdrawn: true }),
        told.track('nowhere', { popularity: 98, markets: [] }),
      ],
    });
    const popular = async (market: string | null, explicit = true, limit = 10) =>
      titles(await facts.popular({ audience: { market, explicit }, limit }));
    expect(await popular('DE')).toEqual(['german', 'explicit', 'everywhere']);
    expect(await popular('DE', false)).toEqual(['german', 'everywhere']);
    expect(await popular('US', true, 2)).toEqual(['american', 'explicit']);
    expect(await popular('AT')).toEqual(['german']);
    expect(await popular('JP')).toEqual([]);
    expect(await popular(null)).toEqual([]);
  });

  it('tells what is popular of some genres, by their most typical one', async () => {
    await save({
      tracks: [
        told.track('house', { genres: ['house', 'pop'], popularity: 10 }),
        told.track('pop', { genres: ['pop', 'house'], popularity: 50 }),
        told.track('rock', { genres: ['rock'], popularity: 30 }),
        told.track('american rock', { genres: ['rock'], popularity: 90, markets: ['US'] }),
        told.track('of none', { popularity: 70 }),
      ],
    });
    const popular = async (...genres: string[]) =>
      titles(
        await facts.popular({
          audience: { market: 'DE', explicit: true },
          limit: 10,
          genreIds: genres.map((name) => uuidOf('genre', name)),
        }),
      );
    expect(await popular('house')).toEqual(['house']);
    expect(await popular('house', 'rock', 'rock')).toEqual(['rock', 'house']);
    expect(await popular()).toEqual([]);
  });

  it('tells all tracks by id, page by page, withdrawn ones too', async () => {
    await save({
      tracks: Array.from({ length: 7 }, (_, number) => told.track(number, { withdrawn: number === 3 })),
    });
    const ids: string[] = [];
    for (let after: string | null = null; ; ) {
      const page: readonly TrackFacts[] = await facts.tracksAfter(after, 3);
      ids.push(...page.map(({ id }) => id));
      after = page.at(-1)?.id ?? null;
      if (!after) break;
    }
    expect(ids).toEqual(Array.from({ length: 7 }, (_, number) => uuidOf('track', number)).sort());
  });

  it('reads 500 tracks by one statement', async () => {
    const names = Array.from({ length: 500 }, (_, number) => number);
    await save({ tracks: names.map((name) => told.track(name, { markets: ['DE', `A${name % 7}`] })) });
    const ids = names.map((name) => uuidOf('track', name));
    await facts.findTracks(ids);
    const before = database.statements.count();
    expect((await facts.findTracks(ids)).size).toBe(500);
    expect(database.statements.count() - before).toBe(1);
  });

  it('asks for limits that can be kept', async () => {
    await expect(facts.popular({ audience: { market: 'DE', explicit: true }, limit: 1_001 })).rejects.toThrow(
      'limit must be 1..1000, got 1001',
    );
    await expect(facts.tracksOfArtists([], 0)).rejects.toThrow('limit must be 1..100, got 0');
  });
});
