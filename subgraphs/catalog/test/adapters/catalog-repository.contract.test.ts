import type { Database } from '@medley/database';
import { openTestDatabase, testDatabaseKind } from '@medley/testing/database';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createPrismaCatalogRepository } from '../../src/adapters/prisma-catalog-repository.ts';
import type { CatalogRepository } from '../../src/domain/catalog-repository.ts';
import type { ListQuery, Slice, SortKey } from '../../src/domain/lists.ts';
import { PrismaClient } from '../../src/generated/prisma/client.ts';
import { createRows, type Rows, uuid } from '../catalog-rows.ts';

const first = (limit: number, after: SortKey | null = null) =>
  ({ limit, direction: 'forward', after, before: null }) as const;
const last = (limit: number, before: SortKey | null = null) =>
  ({ limit, direction: 'backward', after: null, before }) as const;

describe(`CatalogRepository on ${testDatabaseKind}`, () => {
  let database: Database;
  let prisma: PrismaClient;
  let catalog: CatalogRepository;
  let rows: Rows;

  beforeAll(async () => {
    database = await openTestDatabase('catalog');
    prisma = new PrismaClient({ adapter: database.adapter });
    catalog = createPrismaCatalogRepository(prisma);
    rows = createRows(prisma);
  });
  afterAll(async () => {
    await prisma?.$disconnect();
    await database?.close();
  });
  beforeEach(() => rows.clear());

  const idsOf = ({ rows: found }: Slice) => found.map((key) => key.at(-1));
  const findIds = async (query: ListQuery, parent: string | null = null) =>
    idsOf((await catalog.findPages(query, [parent]))[0] as Slice);
  const tracks = (...names: string[]) => names.map((name) => uuid('track', name));
  const albums = (...names: string[]) => names.map((name) => uuid('album', name));
  const sameFor = { market: null, explicit: true };

  describe('rows by ids', () => {
    it('are found in one statement, unknown ids left out', async () => {
      await rows.albums(
        { name: 'sky', released: '1977-01-01', precision: 'YEAR' },
        { name: 'sea', type: null },
      );
      await rows.tracks({ name: 'blue', album: 'sky', values: { isrc: 'DEA000000001', popularity: 7 } });
      const before = database.statements.count();
      const [blue, ...others] = await catalog.findTracksByIds(tracks('blue', 'nobody knows'));
      expect(database.statements.count() - before).toBe(1);
      expect(others).toEqual([]);
      expect(blue).toEqual({
        id: uuid('track', 'blue'),
        title: 'blue',
        albumId: uuid('album', 'sky'),
        durationMs: 200_000,
        explicit: false,
        isrc: 'DEA000000001',
        discNumber: null,
        trackNumber: null,
        popularity: 7,
        availableMarkets: ['DE', 'US'],
      });
      const found = new Map((await catalog.findAlbumsByIds(albums('sky', 'sea'))).map((a) => [a.title, a]));
      expect(found.get('sky')).toMatchObject({
        type: 'ALBUM',
        releaseDate: { date: '1977-01-01', precision: 'YEAR' },
        upc: null,
      });
      expect(found.get('sea')).toMatchObject({ type: null, releaseDate: null });
      expect(await catalog.findArtistsByIds([])).toEqual([]);
    });

    it('have their links in order', async () => {
      await rows.genres('house', 'ambient');
      await rows.artists({ name: 'zoe', genres: ['house', 'ambient'] }, { name: 'ann' });
      await rows.albums({ name: 'sky', artists: ['zoe', 'ann'] });
      await rows.tracks(
        { name: 'blue', album: 'sky', artists: ['ann', 'zoe'] },
        { name: 'red', album: 'sky' },
      );
      const [zoe, ann] = [uuid('artist', 'zoe'), uuid('artist', 'ann')];
      const sky = uuid('album', 'sky');
      expect((await catalog.findArtistIdsOfAlbums([sky])).get(sky)).toEqual([zoe, ann]);
      expect([...(await catalog.findArtistIdsOfTracks(tracks('blue', 'red')))]).toEqual([
        [uuid('track', 'blue'), [ann, zoe]],
      ]);
      expect((await catalog.findGenreIdsOfArtists([zoe, ann])).get(zoe)).toEqual([
        uuid('genre', 'house'),
        uuid('genre', 'ambient'),
      ]);
      expect([...(await catalog.findTotalsOfAlbums(albums('sky', 'none')))]).toEqual([
        [sky, { trackCount: 2, durationMs: 400_000 }],
      ]);
      expect((await catalog.findGenresBySlugs(['house', 'none'])).map(({ name }) => name)).toEqual(['house']);
    });
  });

  describe('lists', () => {
    it('sort an album by disc and number, unknown ones last', async () => {
      await rows.albums({ name: 'sky' });
      const at = (discNumber: number | null, trackNumber: number | null) => ({
        album: 'sky',
        values: { discNumber, trackNumber },
      });
      await rows.tracks(
        { name: 'third', ...at(2, 1) },
        { name: 'second', ...at(1, 2) },
        { name: 'first', ...at(1, 1) },
        { name: 'unnumbered', ...at(1, null) },
        { name: 'unknown', ...at(null, null) },
      );
      const parent = uuid('album', 'sky');
      const inOrder = tracks('first', 'second', 'unnumbered', 'third', 'unknown');
      expect(await findIds({ list: 'albumTracks', page: first(10) }, parent)).toEqual(inOrder);
      expect(await findIds({ list: 'albumTracks', page: last(10) }, parent)).toEqual(inOrder.toReversed());
    });

    it('sort a discography by date, undated ones last, and choose types', async () => {
      await rows.artists({ name: 'ann' });
      const artists = ['ann'];
      await rows.albums(
        { name: 'old', released: '1977-05-20', artists },
        { name: 'undated', released: null, artists },
        { name: 'new', released: '2020-01-01', artists },
        { name: 'ep', released: '2019-01-01', type: 'EP', artists },
        { name: 'of nobody', released: '2019-01-01' },
      );
      const ann = uuid('artist', 'ann');
      const query: ListQuery = { list: 'artistAlbums', page: first(10) };
      expect(await findIds(query, ann)).toEqual(albums('new', 'ep', 'old', 'undated'));
      expect(await findIds({ ...query, types: ['EP', 'SINGLE'] }, ann)).toEqual(albums('ep'));
      await prisma.album.update({
        where: { id: uuid('album', 'undated') },
        data: { releaseDate: new Date('2026-01-01'), releaseDatePrecision: 'DAY' },
      });
      expect(await findIds(query, ann)).toEqual(albums('undated', 'new', 'ep', 'old'));
    });

    it('follow popularity when it changes', async () => {
      await rows.genres('house');
      await rows.artists(
        { name: 'ann', genres: ['house'], popularity: 10 },
        { name: 'bob', genres: ['house'] },
      );
      const mine = (popularity: number) => ({ artists: ['ann'], values: { popularity } });
      await rows.tracks({ name: 'a', ...mine(1) }, { name: 'b', ...mine(2) }, { name: 'c', ...mine(3) });
      const query: ListQuery = { list: 'artistTopTracks', page: first(10), audience: sameFor };
      expect(await findIds(query, uuid('artist', 'ann'))).toEqual(tracks('c', 'b', 'a'));

      await prisma.track.update({ where: { id: uuid('track', 'a') }, data: { popularity: 99 } });
      await prisma.artist.update({ where: { id: uuid('artist', 'bob') }, data: { popularity: 50 } });
      const house = uuid('genre', 'house');
      expect(await findIds(query, uuid('artist', 'ann'))).toEqual(tracks('a', 'c', 'b'));
      expect(await findIds({ ...query, list: 'genreTracks' }, house)).toEqual(tracks('a', 'c', 'b'));
      expect(await findIds({ ...query, list: 'genreArtists' }, house)).toEqual([
        uuid('artist', 'bob'),
        uuid('artist', 'ann'),
      ]);
      expect(await findIds({ list: 'artists', page: first(1) })).toHaveLength(2);
    });

    it('keep the tracks of a genre by the genres of the artists', async () => {
      await rows.genres('house', 'ambient');
      await rows.artists({ name: 'ann', genres: ['house'] }, { name: 'bob', genres: ['house', 'ambient'] });
      await rows.tracks({ name: 'duet', artists: ['ann', 'bob'] });
      const inGenre = (genre: string) =>
        findIds({ list: 'genreTracks', page: first(10), audience: sameFor }, uuid('genre', genre));
      expect([await inGenre('house'), await inGenre('ambient')]).toEqual([tracks('duet'), tracks('duet')]);

      await prisma.artist.delete({ where: { id: uuid('artist', 'bob') } });
      expect([await inGenre('house'), await inGenre('ambient')]).toEqual([tracks('duet'), []]);
      await prisma.artistGenre.deleteMany({ where: { artistId: uuid('artist', 'ann') } });
      expect(await inGenre('house')).toEqual([]);
      await prisma.artistGenre.create({
        data: { artistId: uuid('artist', 'ann'), genreId: uuid('genre', 'ambient'), position: 0 },
      });
      expect(await inGenre('ambient')).toEqual(tracks('duet'));

      await prisma.genre.delete({ where: { id: uuid('genre', 'ambient') } });
      expect(await prisma.genreTrack.count()).toBe(0);
      await prisma.artistGenre.create({
        data: { artistId: uuid('artist', 'ann'), genreId: uuid('genre', 'house'), position: 0 },
      });
      expect(await prisma.genreTrack.count()).toBe(1);
      await prisma.track.deleteMany();
      expect(await prisma.genreTrack.count()).toBe(0);
    });

    it('name the markets in which something may be played', async () => {
      const markets = () => findIds({ list: 'markets', page: first(100) });
      await rows.tracks({ name: 'a', markets: ['BR', 'DE'] }, { name: 'b', markets: ['DE'] });
      expect(await markets()).toEqual(['BR', 'DE']);
      await prisma.track.update({ where: { id: uuid('track', 'a') }, data: { withdrawnAt: new Date() } });
      expect(await markets()).toEqual(['DE']);
      await prisma.track.update({ where: { id: uuid('track', 'b') }, data: { availableMarkets: ['AT'] } });
      expect(await markets()).toEqual(['AT']);
      await prisma.track.update({ where: { id: uuid('track', 'a') }, data: { withdrawnAt: null } });
      await prisma.track.delete({ where: { id: uuid('track', 'b') } });
      expect(await markets()).toEqual(['BR', 'DE']);
    });

    it('give the same page of many parents in one statement, in the order of the parents', async () => {
      const names = ['a', 'b', 'c'];
      await rows.albums(...names.map((name) => ({ name })));
      await rows.tracks(...names.flatMap((album) => [1, 2, 3].map((n) => ({ name: `${album}${n}`, album }))));
      const before = database.statements.count();
      const parents = [...albums('c', 'nobody knows', 'a')];
      const pages = await catalog.findPages({ list: 'albumTracks', page: first(2) }, parents);
      expect(database.statements.count() - before).toBe(1);
      expect(pages.map(({ rows: found }) => found.length)).toEqual([3, 0, 3]);
      expect(new Set(idsOf(pages[0] as Slice))).toEqual(new Set(tracks('c1', 'c2', 'c3')));
    });

    it('give every row once among equal sort keys, both ways', async () => {
      await rows.artists({ name: 'ann' });
      const names = Array.from({ length: 23 }, (_, index) => `t${index}`);
      await rows.tracks(
        ...names.map((name, index) => ({ name, artists: ['ann'], values: { popularity: index % 3 } })),
      );
      const ann = uuid('artist', 'ann');
      for (const way of [first, last]) {
        const seen: unknown[] = [];
        let cursor: SortKey | null = null;
        do {
          const query: ListQuery = { list: 'artistTopTracks', page: way(4, cursor), audience: sameFor };
          const [slice] = await catalog.findPages(query, [ann]);
          const page = (slice as Slice).rows.slice(0, 4);
          seen.push(...page.map((key) => key.at(-1)));
          cursor = (slice as Slice).rows.length > 4 ? (page.at(-1) as SortKey) : null;
        } while (cursor);
        expect(seen).toHaveLength(names.length);
        expect(new Set(seen)).toEqual(new Set(tracks(...names)));
      }
    });

    it('know what stands at their cursors', async () => {
      await rows.albums({ name: 'sky' });
      await rows.tracks(
        ...['a', 'b', 'c'].map((name, n) => ({ name, album: 'sky', values: { trackNumber: n + 1 } })),
      );
      const parent = [uuid('album', 'sky')];
      const at = (n: number, name: string): SortKey => [32767, n, uuid('track', name)];
      const page = { limit: 5, direction: 'forward', after: at(1, 'a'), before: at(3, 'c') } as const;
      expect(await catalog.findPages({ list: 'albumTracks', page }, parent)).toEqual([
        { rows: [at(2, 'b')], hasRowsAtAfter: true, hasRowsAtBefore: true, lookedUntil: null },
      ]);
      await prisma.track.deleteMany({ where: { id: { in: tracks('a', 'c') } } });
      expect(await catalog.findPages({ list: 'albumTracks', page }, parent)).toEqual([
        { rows: [at(2, 'b')], hasRowsAtAfter: false, hasRowsAtBefore: false, lookedUntil: null },
      ]);
    });
  });

  describe('discovery lists', () => {
    const germany = { market: 'DE', explicit: true };
    const ann = uuid('artist', 'ann');
    beforeEach(() => rows.artists({ name: 'ann' }));

    it('leave out what the market may not play, what is withdrawn, and explicit tracks where they are unwanted', async () => {
      const artists = ['ann'];
      await rows.tracks(
        { name: 'plays', artists, values: { popularity: 5 } },
        { name: 'elsewhere', artists, markets: ['US'], values: { popularity: 4 } },
        { name: 'nowhere', artists, markets: [], values: { popularity: 3 } },
        { name: 'explicit', artists, values: { popularity: 2, explicit: true } },
        { name: 'withdrawn', artists, values: { popularity: 1, withdrawnAt: new Date() } },
      );
      const top = (audience: ListQuery['audience']) =>
        findIds({ list: 'artistTopTracks', page: first(10), audience }, ann);
      expect(await top(germany)).toEqual(tracks('plays', 'explicit'));
      expect(await top({ market: 'DE', explicit: false })).toEqual(tracks('plays'));
      expect(await top(sameFor)).toEqual(tracks('plays', 'elsewhere', 'nowhere', 'explicit'));
    });

    it('refill a page, and say how far they looked when they give up', async () => {
      const names = Array.from({ length: 250 }, (_, index) => `t${index}`);
      await rows.tracks(
        ...names.map((name, index) => ({
          name,
          artists: ['ann'],
          // Popularity falls by tens; only the first ten and the last two may be played in Germany.
          markets: index < 10 || index >= 248 ? ['DE'] : ['US'],
          values: { popularity: 100 - Math.floor(index / 10) },
        })),
      );
      const read = async (page: ListQuery['page']) =>
        (await catalog.findPages({ list: 'artistTopTracks', page, audience: germany }, [ann]))[0] as Slice;

      const full = await read(first(5));
      expect(full.rows).toHaveLength(6);
      expect(full.lookedUntil).toBeNull();

      // Where it gives up is the hundredth item, so that the next page leaves nothing out.
      const everything = { list: 'artistTopTracks', page: first(100), audience: sameFor } as const;
      const [all] = await catalog.findPages(everything, [ann]);
      expect((await read(first(19))).lookedUntil).toEqual(all?.rows[99]);

      const seen: unknown[] = [];
      let cursor: SortKey | null = null;
      const lengths: number[] = [];
      do {
        const slice = await read(first(19, cursor));
        seen.push(...idsOf(slice));
        lengths.push(slice.rows.length);
        cursor = slice.lookedUntil;
      } while (cursor);
      expect(lengths).toEqual([10, 0, 2]);
      expect(new Set(seen)).toEqual(new Set(tracks(...names.slice(0, 10), ...names.slice(248))));

      const fromTheEnd = await read(last(19));
      expect(fromTheEnd.rows).toHaveLength(2);
      expect(fromTheEnd.lookedUntil).not.toBeNull();
    });

    it('show new releases of which something may be played, none of the future and none undated', async () => {
      await rows.albums(
        { name: 'today', released: '2026-06-01' },
        { name: 'tomorrow', released: '2026-06-02' },
        { name: 'elsewhere', released: '2026-05-01' },
        { name: 'mixed', released: '2026-04-01' },
        { name: 'empty', released: '2026-03-01' },
        { name: 'undated' },
      );
      await rows.tracks(
        { name: 'a', album: 'today' },
        { name: 'b', album: 'tomorrow' },
        { name: 'c', album: 'elsewhere', markets: ['US'] },
        { name: 'd', album: 'mixed', markets: ['US'] },
        { name: 'e', album: 'mixed', markets: ['DE'] },
        { name: 'f', album: 'undated' },
      );
      const newReleases = (audience: ListQuery['audience']) =>
        findIds({ list: 'newReleases', page: first(10), audience, today: '2026-06-01' });
      expect(await newReleases(germany)).toEqual(albums('today', 'mixed'));
      expect(await newReleases(sameFor)).toEqual(albums('today', 'elsewhere', 'mixed', 'empty'));
    });
  });

  describe('playback facts', () => {
    it('come with alternatives of the same ISRC, in one statement', async () => {
      await rows.albums({ name: 'coming', released: '2030-01-01', precision: 'YEAR' });
      const isrc = 'DEA000000001';
      await rows.tracks(
        { name: 'it', album: 'coming', values: { isrc, encodings: ['LOW', 'HIGH'], version: 3 } },
        { name: 'withdrawn', values: { isrc, popularity: 100, withdrawnAt: new Date() } },
        ...Array.from({ length: 12 }, (_, n) => ({ name: `same${n}`, values: { isrc, popularity: n } })),
        { name: 'without', values: { isrc: null } },
      );
      const before = database.statements.count();
      const facts = await catalog.findPlaybackFacts(tracks('it', 'without', 'unknown'));
      expect(database.statements.count() - before).toBe(1);
      const [it, without] = ['it', 'without'].map((name) =>
        facts.find(({ id }) => id === uuid('track', name)),
      );
      expect(facts).toHaveLength(2);
      expect(it).toMatchObject({
        withdrawn: false,
        releasedAt: new Date('2030-01-01T00:00:00Z'),
        availableMarkets: ['DE', 'US'],
        explicit: false,
        durationMs: 200_000,
        encodings: ['LOW', 'HIGH'],
        version: 3,
      });
      expect(it?.alternatives.map(({ id }) => id)).toEqual(
        tracks(...Array.from({ length: 10 }, (_, n) => `same${11 - n}`)),
      );
      expect(without).toMatchObject({ releasedAt: null, alternatives: [] });
      expect((await catalog.findPlaybackFacts(tracks('withdrawn')))[0]?.withdrawn).toBe(true);
    });
  });
});
