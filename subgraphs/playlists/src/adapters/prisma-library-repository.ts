import { maxKept, type SavedKind } from '../domain/library.ts';
import type { LibraryRepository } from '../domain/library-repository.ts';
import { inTransaction, type PrismaClient } from './prisma-client.ts';
import { appendLibraryChanges, type LibraryChange, lockLibrary } from './prisma-library-outbox.ts';
import { findLibraryPages } from './prisma-library-pages.ts';

/** Libraries in PostgreSQL, or in what speaks like it. */
export function createPrismaLibraryRepository(client: PrismaClient): LibraryRepository {
  return {
    save: (userId, kind, ids, now) =>
      inTransaction(client, async (tx) => {
        const version = await lockLibrary(tx, userId);
        // The times of one edit end with now and rise by milliseconds, and never fall behind the last one: so the order of
        // saving is the order of the list, whatever the ids are.
        const start = new Date(now.getTime() - ids.length + 1);
        const rows = await tx.$queryRaw<{ id: string; savedAt: Date | null; isNew: boolean }[]>`
          WITH asked AS (
            SELECT t.id, t.place, NOT EXISTS (
              SELECT FROM playlists.saved s
              WHERE s.user_id = ${userId}::uuid AND s.kind = ${kind}::playlists.saved_kind AND s.item_id = t.id
            ) AS is_new
            FROM unnest(${ids}::uuid[]) WITH ORDINALITY AS t(id, place)
          ), numbered AS (
            SELECT id, row_number() OVER (ORDER BY place) AS number FROM asked WHERE is_new
          ), kept AS (
            SELECT count(*) AS count, max(saved_at) AS last FROM playlists.saved
            WHERE user_id = ${userId}::uuid AND kind = ${kind}::playlists.saved_kind
          ), added AS (
            INSERT INTO playlists.saved (user_id, kind, item_id, version, saved_at)
            SELECT ${userId}::uuid, ${kind}::playlists.saved_kind, numbered.id, ${version}::int,
              greatest(${start}::timestamptz, kept.last + interval '1 ms') + (number - 1) * interval '1 ms'
            FROM numbered, kept WHERE kept.count + number <= ${maxKept}
            RETURNING item_id, saved_at
          )
          SELECT asked.id, added.saved_at AS "savedAt", asked.is_new AS "isNew"
          FROM asked LEFT JOIN added ON added.item_id = asked.id ORDER BY asked.place`;
        await appendLibraryChanges(tx, {
          userId,
          version,
          changes: rows.flatMap(({ id, savedAt }): LibraryChange[] =>
            savedAt ? [{ kind: idKinds[kind], id, inLibrary: true, at: savedAt }] : [],
          ),
        });
        return { full: rows.flatMap(({ id, savedAt, isNew }) => (isNew && !savedAt ? [id] : [])) };
      }),

    unsave: (userId, kind, ids, now) =>
      inTransaction(client, async (tx) => {
        const version = await lockLibrary(tx, userId);
        const gone = await tx.$queryRaw<{ id: string }[]>`
          DELETE FROM playlists.saved
          WHERE user_id = ${userId}::uuid AND kind = ${kind}::playlists.saved_kind AND item_id = ANY(${ids}::uuid[])
          RETURNING item_id AS id`;
        await appendLibraryChanges(tx, {
          userId,
          version,
          changes: gone.map(({ id }) => ({ kind: idKinds[kind], id, inLibrary: false, at: now })),
        });
      }),

    async findSaved(userId, kind, ids) {
      const rows = await client.$queryRaw<{ id: string }[]>`
        SELECT item_id AS id FROM playlists.saved
        WHERE user_id = ${userId}::uuid AND kind = ${kind}::playlists.saved_kind AND item_id = ANY(${ids}::uuid[])`;
      return rows.map(({ id }) => id);
    },

    follow: (userId, playlistId, now) =>
      inTransaction(client, async (tx) => {
        const version = await lockLibrary(tx, userId);
        const [found] = await tx.$queryRaw<{ follows: boolean; count: number; followedAt: Date }[]>`
          SELECT EXISTS (
              SELECT FROM playlists.follows WHERE user_id = ${userId}::uuid AND playlist_id = ${playlistId}::uuid
            ) AS follows, kept.count::int, greatest(${now}::timestamptz, kept.last + interval '1 ms') AS "followedAt"
          FROM playlists.playlists p, (
            SELECT count(*) AS count, max(followed_at) AS last FROM playlists.follows WHERE user_id = ${userId}::uuid
          ) AS kept
          WHERE p.id = ${playlistId}::uuid AND p.created_at IS NOT NULL AND p.deleted_at IS NULL`;
        if (!found) return 'GONE';
        const { follows, count, followedAt } = found;
        if (follows) return 'FOLLOWED';
        if (count >= maxKept) return 'FULL';
        await tx.$executeRaw`
          INSERT INTO playlists.follows (user_id, playlist_id, version, followed_at)
          VALUES (${userId}::uuid, ${playlistId}::uuid, ${version}::int, ${followedAt}::timestamptz)`;
        await tx.$executeRaw`
          UPDATE playlists.playlists SET follower_count = follower_count + 1 WHERE id = ${playlistId}::uuid`;
        await appendLibraryChanges(tx, {
          userId,
          version,
          changes: [{ kind: 'playlist', id: playlistId, inLibrary: true, at: followedAt }],
        });
        return 'FOLLOWED';
      }),

    unfollow: (userId, playlistId, now) =>
      inTransaction(client, async (tx) => {
        const version = await lockLibrary(tx, userId);
        const ended = await tx.$executeRaw`
          DELETE FROM playlists.follows WHERE user_id = ${userId}::uuid AND playlist_id = ${playlistId}::uuid`;
        if (ended === 0) return;
        await tx.$executeRaw`
          UPDATE playlists.playlists SET follower_count = follower_count - 1 WHERE id = ${playlistId}::uuid`;
        await appendLibraryChanges(tx, {
          userId,
          version,
          changes: [{ kind: 'playlist', id: playlistId, inLibrary: false, at: now }],
        });
      }),

    async findFollowed(userId, playlistIds) {
      const rows = await client.$queryRaw<{ id: string }[]>`
        SELECT playlist_id AS id FROM playlists.follows
        WHERE user_id = ${userId}::uuid AND playlist_id = ANY(${playlistIds}::uuid[])`;
      return rows.map(({ id }) => id);
    },

    findPages: (list, page, userIds) => findLibraryPages(client, list, page, userIds),
  };
}

const idKinds = { TRACK: 'track', ALBUM: 'album', ARTIST: 'artist' } as const satisfies Record<
  SavedKind,
  string
>;
