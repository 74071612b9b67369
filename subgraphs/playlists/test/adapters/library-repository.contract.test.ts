import type { Database } from '@medley/database';
import { encodeId, newUuid } from '@medley/ids';
import { openTestDatabase, testDatabaseKind } from '@medley/testing/database';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openPrismaClient, type PrismaClient } from '../../src/adapters/prisma-client.ts';
import { createPrismaLibraryRepository } from '../../src/adapters/prisma-library-repository.ts';
import { type LibraryEntry, type LibraryList, type LibraryPage, maxKept } from '../../src/domain/library.ts';
import type { LibraryRepository } from '../../src/domain/library-repository.ts';
import { createPlaylistRow } from '../create-playlist-row.ts';

const at = (seconds: number) => new Date(Date.parse('2026-11-23T08:00:00.000Z') + seconds * 1_000);
const uuids = (count: number) => Array.from({ length: count }, () => newUuid());

describe(`LibraryRepository on ${testDatabaseKind}`, () => {
  let database: Database;
  let prisma: PrismaClient;
  let library: LibraryRepository;
  beforeAll(async () => {
    database = await openTestDatabase('playlists');
    prisma = openPrismaClient(database);
    library = createPrismaLibraryRepository(prisma);
  });
  afterAll(async () => {
    await prisma?.$disconnect();
    await database?.close();
  });

  const wholePage: LibraryPage = { limit: 100, direction: 'forward', after: null, before: null };
  async function readPage(list: LibraryList, userId: string, page: Partial<LibraryPage> = {}) {
    const [slice] = await library.findPages(list, { ...wholePage, ...page }, [userId]);
    if (!slice) throw new Error('expected one slice for one account');
    return slice;
  }
  const idsIn = async (list: LibraryList, userId: string) =>
    (await readPage(list, userId)).rows.map(({ id }) => id);

  const createPlaylist = (values: Parameters<typeof createPlaylistRow>[1] = {}) =>
    createPlaylistRow(prisma, { createdAt: at(0), ...values });
  const setCollaborator = (playlistId: string, userId: string, { since = at(0), active = true } = {}) =>
    prisma.collaborator.upsert({
      where: { playlistId_userId: { playlistId, userId } },
      create: { playlistId, userId, active, since, clock: 'clock' },
      update: { active },
    });
  const followersOf = async (id: string) =>
    (await prisma.playlist.findUniqueOrThrow({ where: { id } })).followerCount;
  const changesOf = (userId: string) =>
    prisma.outbox.findMany({
      where: { key: { startsWith: encodeId('user', userId) } },
      orderBy: { id: 'asc' },
      select: { key: true, type: true, version: true, data: true },
    });

  describe('saving', () => {
    it('keeps the order of saving, also within one edit and within one millisecond', async () => {
      const user = newUuid();
      const [first, second, third] = [uuids(40), uuids(3), uuids(2)];
      await library.save(user, 'TRACK', first, at(1));
      await library.save(user, 'TRACK', second, at(1));
      await library.save(user, 'TRACK', third, at(0));
      expect(await idsIn('TRACK', user)).toEqual([...first, ...second, ...third].reverse());
    });

    it('says when things were saved, to a tenth of a second', async () => {
      const user = newUuid();
      await library.save(user, 'TRACK', uuids(100), at(10));
      const times = (await readPage('TRACK', user)).rows.map((row) => row.at.getTime());
      expect(times[0]).toBe(at(10).getTime());
      expect(times.at(-1)).toBe(at(10).getTime() - 99);
    });

    it('changes nothing the second time: not the place, not the time, and tells nobody', async () => {
      const user = newUuid();
      const [one, two] = [newUuid(), newUuid()];
      await library.save(user, 'ALBUM', [one, two], at(1));
      const before = await readPage('ALBUM', user);
      const changes = await changesOf(user);
      expect(await library.save(user, 'ALBUM', [two, one], at(9))).toEqual({ full: [] });
      expect(await readPage('ALBUM', user)).toEqual(before);
      expect(await changesOf(user)).toEqual(changes);
    });

    it('keeps tracks, albums and artists apart, and people', async () => {
      const [user, other, id] = [newUuid(), newUuid(), newUuid()];
      await library.save(user, 'TRACK', [id], at(1));
      expect(await library.findSaved(user, 'TRACK', [id, newUuid()])).toEqual([id]);
      expect(await library.findSaved(user, 'ALBUM', [id])).toEqual([]);
      expect(await library.findSaved(other, 'TRACK', [id])).toEqual([]);
      await library.unsave(other, 'TRACK', [id], at(2));
      await library.unsave(user, 'ALBUM', [id], at(2));
      expect(await idsIn('TRACK', user)).toEqual([id]);
    });

    it('tells of each change with all facts, at a rising version', async () => {
      const [userId, one, two] = [newUuid(), newUuid(), newUuid()];
      await library.save(userId, 'TRACK', [one, two], at(1));
      await library.unsave(userId, 'TRACK', [one, newUuid()], at(2));
      await library.save(userId, 'ARTIST', [one], at(3));
      const [user, track, artist] = [
        encodeId('user', userId),
        encodeId('track', one),
        encodeId('artist', one),
      ];
      const second = encodeId('track', two);
      const changes = await changesOf(userId);
      expect(changes.map(({ key, type, data }) => ({ key, type, data }))).toEqual([
        change(user, track, true, new Date(at(1).getTime() - 1)),
        change(user, second, true, at(1)),
        change(user, track, false, at(2)),
        change(user, artist, true, at(3)),
      ]);
      expect(changes.map(({ version }) => version)).toEqual([1, 1, 2, 3]);
    });

    it('leaves nothing behind when it fails', async () => {
      const [user, id] = [newUuid(), newUuid()];
      await expect(library.save(user, 'TRACK', [id, 'no uuid'], at(1))).rejects.toThrow();
      expect(await idsIn('TRACK', user)).toEqual([]);
      expect(await changesOf(user)).toEqual([]);
    });

    it('keeps what there is room for, in order, and names the others', async () => {
      const user = newUuid();
      await prisma.$executeRaw`
        INSERT INTO playlists.saved (user_id, kind, item_id, saved_at)
        SELECT ${user}::uuid, 'TRACK', gen_random_uuid(), ${at(0)}::timestamptz
        FROM generate_series(1, ${maxKept - 3})`;
      const [known, fits, alsoFits, ...rest] = uuids(6) as [string, string, string, ...string[]];
      expect(await library.save(user, 'TRACK', [known], at(1))).toEqual({ full: [] });
      expect(await library.save(user, 'TRACK', [fits, known, alsoFits, ...rest], at(2))).toEqual({
        full: rest,
      });
      expect((await idsIn('TRACK', user)).slice(0, 3)).toEqual([alsoFits, fits, known]);
      expect(await changesOf(user)).toHaveLength(3);
      await library.unsave(user, 'TRACK', [fits], at(3));
      expect(await library.save(user, 'TRACK', rest, at(4))).toEqual({ full: rest.slice(1) });
      expect(await library.save(user, 'ALBUM', rest, at(4))).toEqual({ full: [] });
    });

    it('of many at once loses none and counts none twice', async () => {
      const [user, ids] = [newUuid(), uuids(30)];
      await Promise.all([
        ...ids.map((id) => library.save(user, 'TRACK', [id], at(1))),
        ...ids.map((id) => library.save(user, 'TRACK', [id], at(1))),
      ]);
      const rows = (await readPage('TRACK', user)).rows;
      expect(new Set(rows.map(({ id }) => id))).toEqual(new Set(ids));
      expect(new Set(rows.map((row) => row.at.getTime())).size).toBe(30);
      expect(await changesOf(user)).toHaveLength(30);
    });
  });

  describe('pages', () => {
    it('go through a list in both directions, and meet', async () => {
      const [user, ids] = [newUuid(), uuids(25)];
      await library.save(user, 'TRACK', ids, at(1));
      const all = (await readPage('TRACK', user)).rows;
      const walk = async (direction: LibraryPage['direction']) => {
        const seen: LibraryEntry[] = [];
        for (let edge: LibraryEntry | null = null; ; edge = seen.at(-1) ?? null) {
          const bound = direction === 'forward' ? { after: edge } : { before: edge };
          const { rows } = await readPage('TRACK', user, { limit: 7, direction, ...bound });
          seen.push(...rows.slice(0, 7));
          if (rows.length <= 7) return seen;
        }
      };
      expect(await walk('forward')).toEqual(all);
      expect(await walk('backward')).toEqual([...all].reverse());
      const [from, to] = [all[4] ?? null, all[9] ?? null];
      const between = await readPage('TRACK', user, { after: from, before: to });
      expect(between).toEqual({ rows: all.slice(5, 9), hasRowsAtAfter: true, hasRowsAtBefore: true });
      expect(await readPage('TRACK', user, { limit: 2 })).toMatchObject({
        rows: all.slice(0, 3),
        hasRowsAtAfter: false,
        hasRowsAtBefore: false,
      });
    });

    it('stay where they are while things come and go', async () => {
      const [user, ids] = [newUuid(), uuids(6)];
      await library.save(user, 'TRACK', ids, at(1));
      const first = (await readPage('TRACK', user, { limit: 2 })).rows.slice(0, 2);
      await library.save(user, 'TRACK', uuids(3), at(2));
      await library.unsave(user, 'TRACK', [(first[1] as LibraryEntry).id], at(2));
      const { rows } = await readPage('TRACK', user, { limit: 2, after: first[1] ?? null });
      expect(rows.map(({ id }) => id)).toEqual([...ids].reverse().slice(2, 5));
    });

    it('of several accounts are read at once, in their order', async () => {
      const [one, other, nobody] = uuids(3) as [string, string, string];
      const [mine, theirs] = uuids(2) as [string, string];
      await library.save(one, 'TRACK', [mine], at(1));
      await library.save(other, 'TRACK', [theirs], at(1));
      const before = database.statements.count();
      const slices = await library.findPages('TRACK', wholePage, [other, nobody, one]);
      expect(database.statements.count() - before).toBe(1);
      expect(slices.map(({ rows }) => rows.map(({ id }) => id))).toEqual([[theirs], [], [mine]]);
    });
  });

  describe('following a playlist', () => {
    it('counts each follower once, and tells of it once', async () => {
      const [user, playlist] = [newUuid(), await createPlaylist()];
      for (const second of [1, 2]) expect(await library.follow(user, playlist, at(second))).toBe('FOLLOWED');
      expect(await followersOf(playlist)).toBe(1);
      expect(await library.findFollowed(user, [playlist, newUuid()])).toEqual([playlist]);
      for (const second of [3, 4]) await library.unfollow(user, playlist, at(second));
      expect(await followersOf(playlist)).toBe(0);
      expect(await library.findFollowed(user, [playlist])).toEqual([]);
      const [userId, item] = [encodeId('user', user), encodeId('playlist', playlist)];
      expect((await changesOf(user)).map(({ data }) => data)).toEqual([
        change(userId, item, true, at(1)).data,
        change(userId, item, false, at(3)).data,
      ]);
    });

    it('counts right when many come and go at once, some of them twice', async () => {
      const [playlist, users] = [await createPlaylist(), uuids(20)];
      await Promise.all([...users, ...users].map((user) => library.follow(user, playlist, at(1))));
      expect(await followersOf(playlist)).toBe(20);
      const leaving = users.slice(0, 8);
      await Promise.all([...leaving, ...leaving].map((user) => library.unfollow(user, playlist, at(2))));
      expect(await followersOf(playlist)).toBe(12);
    });

    it('finds none that is unknown or deleted', async () => {
      const [user, playlist] = [newUuid(), await createPlaylist()];
      await prisma.playlist.update({ where: { id: playlist }, data: { deletedAt: at(1) } });
      expect(await library.follow(user, playlist, at(2))).toBe('GONE');
      expect(await library.follow(user, newUuid(), at(2))).toBe('GONE');
      expect(await changesOf(user)).toEqual([]);
    });

    it('ends at the most that an account can follow', async () => {
      const [user, playlist] = [newUuid(), await createPlaylist()];
      await prisma.$executeRaw`
        INSERT INTO playlists.follows (user_id, playlist_id, followed_at)
        SELECT ${user}::uuid, gen_random_uuid(), ${at(0)}::timestamptz FROM generate_series(1, ${maxKept})`;
      expect(await library.follow(user, playlist, at(1))).toBe('FULL');
      expect(await followersOf(playlist)).toBe(0);
    });
  });

  describe('the playlists of an account', () => {
    it('are its own, those it edits with others and those it follows, by when they came', async () => {
      const user = newUuid();
      const own = await createPlaylist({ ownerId: user, privacy: 'PRIVATE', createdAt: at(1) });
      const followed = await createPlaylist({ createdAt: at(100) });
      await library.follow(user, followed, at(2));
      const shared = await createPlaylist({ privacy: 'PRIVATE', createdAt: at(200) });
      await setCollaborator(shared, user, { since: at(3) });
      const unlisted = await createPlaylist({ privacy: 'UNLISTED' });
      await library.follow(user, unlisted, at(4));
      const second = await createPlaylist({ ownerId: user, createdAt: at(5) });
      expect((await readPage('PLAYLISTS', user)).rows).toEqual([
        { at: at(5), id: second },
        { at: at(4), id: unlisted },
        { at: at(3), id: shared },
        { at: at(2), id: followed },
        { at: at(1), id: own },
      ]);
    });

    it('page over the three kinds in both directions', async () => {
      const user = newUuid();
      const ids: string[] = [];
      for (let second = 0; second < 12; second += 1) {
        const createdAt = at(second);
        const ownerId = second % 3 === 0 ? user : newUuid();
        const id = await createPlaylist({ ownerId, createdAt });
        if (second % 3 === 1) await setCollaborator(id, user, { since: createdAt });
        if (second % 3 === 2) await library.follow(user, id, createdAt);
        ids.unshift(id);
      }
      const all = (await readPage('PLAYLISTS', user)).rows;
      expect(all.map(({ id }) => id)).toEqual(ids);
      const forward = await readPage('PLAYLISTS', user, { limit: 4, after: all[2] ?? null });
      expect(forward).toEqual({ rows: all.slice(3, 8), hasRowsAtAfter: true, hasRowsAtBefore: false });
      const backward = await readPage('PLAYLISTS', user, {
        limit: 4,
        direction: 'backward',
        before: all[10] ?? null,
      });
      expect(backward).toEqual({
        rows: all.slice(5, 10).reverse(),
        hasRowsAtAfter: false,
        hasRowsAtBefore: true,
      });
    });

    it('name a playlist once that one edits and follows', async () => {
      const [user, playlist] = [newUuid(), await createPlaylist()];
      await library.follow(user, playlist, at(1));
      await setCollaborator(playlist, user, { since: at(2) });
      expect((await readPage('PLAYLISTS', user)).rows).toEqual([{ at: at(2), id: playlist }]);
      await setCollaborator(playlist, user, { active: false });
      expect((await readPage('PLAYLISTS', user)).rows).toEqual([{ at: at(1), id: playlist }]);
    });

    it('lose what is private again, deleted, or no longer edited together', async () => {
      const user = newUuid();
      const [hidden, deleted, left] = [
        await createPlaylist(),
        await createPlaylist(),
        await createPlaylist({ privacy: 'PRIVATE' }),
      ];
      await library.follow(user, hidden, at(1));
      await library.follow(user, deleted, at(2));
      await setCollaborator(left, user, { since: at(3) });
      await library.follow(user, left, at(4));
      expect(await idsIn('PLAYLISTS', user)).toEqual([left, deleted, hidden]);
      await prisma.playlist.update({ where: { id: hidden }, data: { privacy: 'PRIVATE' } });
      await prisma.playlist.update({ where: { id: deleted }, data: { deletedAt: at(5) } });
      await setCollaborator(left, user, { active: false });
      expect(await idsIn('PLAYLISTS', user)).toEqual([]);
      await prisma.playlist.update({ where: { id: hidden }, data: { privacy: 'PUBLIC' } });
      expect(await idsIn('PLAYLISTS', user)).toEqual([hidden]);
    });

    it('that others may list are the public ones, the last made first', async () => {
      const ownerId = newUuid();
      const [one, unlisted, secret, two] = [
        await createPlaylist({ ownerId, createdAt: at(1) }),
        await createPlaylist({ ownerId, createdAt: at(2), privacy: 'UNLISTED' }),
        await createPlaylist({ ownerId, createdAt: at(3), privacy: 'PRIVATE' }),
        await createPlaylist({ ownerId, createdAt: at(4) }),
      ];
      const gone = await createPlaylist({ ownerId, createdAt: at(5) });
      await prisma.playlist.update({ where: { id: gone }, data: { deletedAt: at(6) } });
      expect(await idsIn('PUBLIC_PLAYLISTS', ownerId)).toEqual([two, one]);
      expect(await idsIn('OWN_PLAYLISTS', ownerId)).toEqual([two, secret, unlisted, one]);
    });
  });
});

const change = (userId: string, itemId: string, inLibrary: boolean, time: Date) => ({
  key: `${userId}/${itemId}`,
  type: 'LibraryChanged',
  data: { userId, itemId, inLibrary, at: time.toISOString() },
});
