import type { Database } from '@medley/database';
import { openTestDatabase, testDatabaseKind } from '@medley/testing/database';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createPrismaEntityFeed } from '../../src/adapters/prisma-entity-feed.ts';
import type { CatalogEntity, EntityFeed, EntityKey, EntityKind } from '../../src/domain/entity-feed.ts';
import { PrismaClient } from '../../src/generated/prisma/client.ts';
import { createRows, type Rows, uuid } from '../catalog-rows.ts';

describe(`EntityFeed on ${testDatabaseKind}`, () => {
  let database: Database;
  let prisma: PrismaClient;
  let feed: EntityFeed;
  let rows: Rows;

  beforeAll(async () => {
    database = await openTestDatabase('catalog');
    prisma = new PrismaClient({ adapter: database.adapter });
    feed = createPrismaEntityFeed(prisma);
    rows = createRows(prisma);
  });
  afterAll(async () => {
    await prisma?.$disconnect();
    await database?.close();
  });
  beforeEach(() => rows.clear());

  const find = async (kind: EntityKind, name: string) =>
    (await feed.findByIds(kind, [uuid(kind, name)]))[0] as CatalogEntity;
  const marketsOf = async (kind: EntityKind, name: string) => (await find(kind, name)).availableMarkets;
  const countStatements = async (work: () => Promise<unknown>) => {
    const before = database.statements.count();
    await work();
    return database.statements.count() - before;
  };
  const update = (track: string, data: Parameters<PrismaClient['track']['update']>[0]['data']) =>
    prisma.track.update({ where: { id: uuid('track', track) }, data });
  const withdrawn = { withdrawnAt: new Date('2026-01-01') };

  async function makeWorld() {
    await rows.genres('house', 'ambient', 'jazz');
    await rows.artists(
      { name: 'zoe', popularity: 55, genres: ['house', 'ambient'] },
      { name: 'ann', genres: ['ambient', 'jazz'] },
    );
    await rows.albums({ name: 'sky', artists: ['zoe', 'ann'], released: '1999-12-31' }, { name: 'empty' });
    await rows.tracks(
      {
        name: 'blue',
        album: 'sky',
        artists: ['zoe', 'ann'],
        markets: ['DE', 'US'],
        values: { popularity: 7, explicit: true },
      },
      {
        name: 'red',
        album: 'sky',
        artists: ['ann'],
        markets: ['FR'],
        values: { popularity: 30, explicit: true },
      },
      { name: 'single', markets: [] },
    );
  }
  const genreIds = (...names: string[]) => names.map((name) => uuid('genre', name));

  describe('an entity', () => {
    it('is a track with its credits in order, its album, and the genres of its artists', async () => {
      await makeWorld();
      const { genreIds: genres, ...blue } = await find('track', 'blue');
      expect(blue).toEqual({
        id: uuid('track', 'blue'),
        kind: 'track',
        title: 'blue',
        artists: [
          { id: uuid('artist', 'zoe'), name: 'zoe' },
          { id: uuid('artist', 'ann'), name: 'ann' },
        ],
        album: { id: uuid('album', 'sky'), title: 'sky' },
        releaseYear: 1999,
        popularity: 7,
        explicit: true,
        availableMarkets: 'DE US',
      });
      expect(genres.toSorted()).toEqual(genreIds('house', 'ambient', 'jazz').toSorted());
      expect(await find('track', 'single')).toMatchObject({
        artists: [],
        album: null,
        genreIds: [],
        releaseYear: null,
        explicit: false,
        availableMarkets: '',
      });
    });

    it('is an album with what its tracks come to', async () => {
      await makeWorld();
      const { genreIds: genres, ...sky } = await find('album', 'sky');
      expect(sky).toEqual({
        id: uuid('album', 'sky'),
        kind: 'album',
        title: 'sky',
        artists: [
          { id: uuid('artist', 'zoe'), name: 'zoe' },
          { id: uuid('artist', 'ann'), name: 'ann' },
        ],
        album: null,
        releaseYear: 1999,
        popularity: 30,
        explicit: true,
        availableMarkets: 'DE FR US',
      });
      expect(genres.toSorted()).toEqual(genreIds('house', 'ambient', 'jazz').toSorted());
      expect(await find('album', 'empty')).toMatchObject({
        artists: [],
        genreIds: [],
        releaseYear: null,
        popularity: 0,
        explicit: false,
        availableMarkets: '',
      });
      await update('red', { explicit: false });
      expect((await find('album', 'sky')).explicit).toBe(false);
    });

    it('is an artist with the genres in order, and may be played where one of the tracks may', async () => {
      await makeWorld();
      expect(await find('artist', 'zoe')).toEqual({
        id: uuid('artist', 'zoe'),
        kind: 'artist',
        title: 'zoe',
        artists: [],
        album: null,
        genreIds: genreIds('house', 'ambient'),
        releaseYear: null,
        popularity: 55,
        explicit: false,
        availableMarkets: 'DE US',
      });
      expect(await marketsOf('artist', 'ann')).toBe('DE FR US');
    });

    it('does not take a withdrawn track into account, and is none when it is one itself', async () => {
      await makeWorld();
      await update('red', withdrawn);
      expect(await feed.findByIds('track', [uuid('track', 'red')])).toEqual([]);
      expect(await find('album', 'sky')).toMatchObject({ popularity: 7, availableMarkets: 'DE US' });
      expect(await marketsOf('artist', 'ann')).toBe('DE US');
      await update('blue', withdrawn);
      expect(await find('album', 'sky')).toMatchObject({
        popularity: 0,
        explicit: false,
        availableMarkets: '',
      });
      expect(await marketsOf('artist', 'ann')).toBe('');
      await update('red', { withdrawnAt: null });
      expect(await marketsOf('artist', 'ann')).toBe('FR');
    });

    it('follows its tracks wherever they may be played, go and come', async () => {
      await makeWorld();
      await update('red', { availableMarkets: ['AT', 'CH'] });
      expect([await marketsOf('artist', 'ann'), await marketsOf('album', 'sky')]).toEqual([
        'AT CH DE US',
        'AT CH DE US',
      ]);
      await update('red', { availableMarkets: [] });
      expect(await marketsOf('artist', 'ann')).toBe('DE US');
      await prisma.trackArtist.deleteMany({ where: { artistId: uuid('artist', 'ann') } });
      expect(await marketsOf('artist', 'ann')).toBe('');
      await rows.tracks({ name: 'green', artists: ['ann'], markets: ['CH', 'IT'] });
      expect(await marketsOf('artist', 'ann')).toBe('CH IT');
      await prisma.track.delete({ where: { id: uuid('track', 'green') } });
      expect(await marketsOf('artist', 'ann')).toBe('');
    });

    it('is found by one statement, however many are asked for, and those that do not exist are left out', async () => {
      await makeWorld();
      const ids = ['blue', 'red', 'single', 'nobody knows'].map((name) => uuid('track', name));
      expect(await countStatements(() => feed.findByIds('track', ids))).toBe(1);
      expect(await feed.findByIds('track', ids)).toHaveLength(3);
      expect(await feed.findByIds('album', [])).toEqual([]);
    });
  });

  describe('the pages', () => {
    const all = async (kind: EntityKind, limit: number) => {
      const found: CatalogEntity[] = [];
      for (;;) {
        const page = await feed.findAfter(kind, found.at(-1)?.id ?? null, limit);
        found.push(...page);
        if (page.length < limit) return found;
      }
    };

    it.each(['artist', 'album', 'track'] as const)('show each %s once, by id', async (kind) => {
      const names = Array.from({ length: 23 }, (_, index) => `${index}`);
      await rows.artists(...names.map((name) => ({ name })));
      await rows.albums(...names.map((name) => ({ name, artists: [name] })));
      await rows.tracks(...names.map((name) => ({ name, album: name, artists: [name] })));
      const expected = names.map((name) => uuid(kind, name)).sort();
      for (const limit of [1, 7, 23, 24])
        expect((await all(kind, limit)).map(({ id }) => id)).toEqual(expected);
      expect(await countStatements(() => feed.findAfter(kind, null, 23))).toBe(1);
      expect(await feed.findByIds(kind, expected)).toEqual(expect.arrayContaining(await all(kind, 9)));
    });

    it('leave withdrawn tracks out, and are full without them', async () => {
      const names = Array.from({ length: 20 }, (_, index) => `${index}`);
      await rows.tracks(...names.map((name, index) => ({ name, values: index % 2 ? withdrawn : {} })));
      expect(await feed.findAfter('track', null, 10)).toHaveLength(10);
      expect(await all('track', 3)).toHaveLength(10);
    });

    it.each([0, 1.5, 1_001])('are not given for a limit of %d', async (limit) => {
      await expect(feed.findAfter('track', null, limit)).rejects.toThrow('limit must be 1..1000');
      await expect(
        feed.findDependents({ kind: 'album', id: uuid('album', 'sky') }, null, limit),
      ).rejects.toThrow('limit must be 1..1000');
    });
  });

  describe('dependents', () => {
    const dependents = async (kind: EntityKind, name: string, limit = 1_000) => {
      const found: EntityKey[] = [];
      for (;;) {
        const page = await feed.findDependents({ kind, id: uuid(kind, name) }, found.at(-1) ?? null, limit);
        found.push(...page);
        if (page.length < limit) return found;
      }
    };
    const keys = (kind: EntityKind, ...names: string[]) =>
      names
        .map((name) => uuid(kind, name))
        .sort()
        .map((id) => ({ kind, id }));

    it('of an artist are the albums and then the tracks that name it, in pages of any size', async () => {
      const names = Array.from({ length: 9 }, (_, index) => `${index}`);
      await rows.artists({ name: 'ann' }, { name: 'bob' });
      await rows.albums(...names.map((name) => ({ name, artists: ['ann'] })), {
        name: 'of bob',
        artists: ['bob'],
      });
      await rows.tracks(...names.map((name) => ({ name, album: 'of bob', artists: ['bob', 'ann'] })));
      const expected = [...keys('album', ...names), ...keys('track', ...names)];
      for (const limit of [1, 4, 9, 10, 18, 1_000])
        expect(await dependents('artist', 'ann', limit)).toEqual(expected);
      expect(await dependents('artist', 'bob')).toEqual([
        ...keys('album', 'of bob'),
        ...keys('track', ...names),
      ]);
    });

    it('of an album are its tracks, of a track its album and its artists', async () => {
      await makeWorld();
      await update('red', withdrawn);
      for (const limit of [1, 1_000]) {
        expect(await dependents('album', 'sky', limit)).toEqual(keys('track', 'blue', 'red'));
        expect(await dependents('track', 'blue', limit)).toEqual([
          ...keys('album', 'sky'),
          ...keys('artist', 'zoe', 'ann'),
        ]);
      }
      expect(await dependents('track', 'single')).toEqual([]);
      expect(await dependents('artist', 'nobody knows')).toEqual([]);
    });

    it('are found by one statement', async () => {
      await makeWorld();
      const of = { kind: 'artist', id: uuid('artist', 'ann') } as const;
      expect(await countStatements(() => feed.findDependents(of, null, 10))).toBe(1);
    });
  });
});
