import { type CompactionRepository, crowdedLength } from '../domain/compaction.ts';
import { type Revisions, withRevision } from '../domain/snapshot.ts';
import { lockPlaylist } from './playlist-rows.ts';
import { inTransaction, type PrismaClient, type Transaction } from './prisma-client.ts';

export function createPrismaCompaction(client: PrismaClient): CompactionRepository {
  return {
    async findOutdated(before) {
      const rows = await client.$queryRaw<{ id: string }[]>`
        SELECT DISTINCT id FROM (
          (SELECT playlist_id AS id FROM playlists.operations WHERE created_at < ${before} ORDER BY created_at LIMIT 500)
          UNION ALL
          (SELECT playlist_id FROM playlists.playlist_items WHERE removed_at < ${before} ORDER BY removed_at LIMIT 500)
          UNION ALL
          (SELECT id FROM playlists.playlists WHERE deleted_at < ${before} ORDER BY deleted_at LIMIT 500)
        ) AS outdated LIMIT 500`;
      return rows.map(({ id }) => id);
    },

    compact: (playlistId, before) =>
      inTransaction(client, async (tx) => {
        const locked = await lockPlaylist(tx, playlistId);
        if (!locked) return { playlists: 0, operations: 0, items: 0 };
        const operations = await tx.$queryRaw<{ replica: string; revision: number }[]>`
          DELETE FROM playlists.operations WHERE playlist_id = ${playlistId}::uuid AND created_at < ${before}
          RETURNING replica, revision`;
        const items = await tx.$executeRaw`
          DELETE FROM playlists.playlist_items WHERE playlist_id = ${playlistId}::uuid AND removed_at < ${before}`;
        await tx.$executeRaw`
          DELETE FROM playlists.collaborators
          WHERE playlist_id = ${playlistId}::uuid AND NOT active AND since < ${before}`;
        const { deletedAt } = locked.state;
        if (deletedAt && deletedAt < before) {
          const others = await purge(tx, playlistId);
          return { playlists: 1, operations: operations.length, items: items + others };
        }
        const compacted = operations.reduce<Revisions>(
          (revisions, { replica, revision }) => withRevision(revisions, replica, revision),
          locked.compacted,
        );
        await tx.$executeRaw`
          UPDATE playlists.playlists SET compacted = ${JSON.stringify(compacted)}::jsonb WHERE id = ${playlistId}::uuid`;
        return { playlists: 0, operations: operations.length, items };
      }),

    async findCrowded() {
      // The number stands in the text, as a parameter would hide from the planner that an index has just these.
      const rows = await client.$queryRawUnsafe<{ id: string }[]>(
        `SELECT DISTINCT playlist_id AS id FROM playlists.playlist_items
        WHERE length(position) > ${crowdedLength} AND removed_at IS NULL AND track_id IS NOT NULL LIMIT 500`,
      );
      return rows.map(({ id }) => id);
    },
  };
}

/** Takes a deleted playlist away, with all that is left of it. @returns how many items that were */
async function purge(tx: Transaction, playlistId: string): Promise<number> {
  const items =
    await tx.$executeRaw`DELETE FROM playlists.playlist_items WHERE playlist_id = ${playlistId}::uuid`;
  await tx.$executeRaw`DELETE FROM playlists.collaborators WHERE playlist_id = ${playlistId}::uuid`;
  await tx.$executeRaw`DELETE FROM playlists.follows WHERE playlist_id = ${playlistId}::uuid`;
  await tx.$executeRaw`DELETE FROM playlists.operations WHERE playlist_id = ${playlistId}::uuid`;
  await tx.$executeRaw`DELETE FROM playlists.playlists WHERE id = ${playlistId}::uuid`;
  return items;
}
