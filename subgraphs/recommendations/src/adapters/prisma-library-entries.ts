import { type LibraryEntries, type LibraryEntry, mostEntries } from '../domain/taste-profile.ts';
import { newestEntries } from './newest-entries.ts';
import type { PrismaClient } from './prisma-client.ts';

export const createPrismaLibraryEntries = (client: PrismaClient): LibraryEntries => ({
  async record(entries) {
    const newest = newestEntries(entries);
    for (let from = 0; from < newest.length; from += 1_000)
      await client.$executeRaw`
        INSERT INTO recommendations.library_entries AS known
        SELECT * FROM jsonb_populate_recordset(
          NULL::recommendations.library_entries, ${JSON.stringify(newest.slice(from, from + 1_000).map(toRow))}::jsonb)
        ORDER BY user_id, item_id
        ON CONFLICT (user_id, item_id) DO UPDATE
        SET version = excluded.version, in_library = excluded.in_library, at = excluded.at
        WHERE known.version < excluded.version`;
  },

  find: (userId) =>
    client.$queryRaw<LibraryEntry[]>`
      SELECT user_id::text AS "userId", item_id AS "itemId", version, in_library AS "inLibrary", at
      FROM recommendations.library_entries WHERE user_id = ${userId}::uuid AND in_library
      ORDER BY at DESC, item_id COLLATE "C" DESC LIMIT ${mostEntries}`,
});

const toRow = ({ userId, itemId, version, inLibrary, at }: LibraryEntry) => ({
  user_id: userId,
  item_id: itemId,
  version,
  in_library: inLibrary,
  at: at.toISOString(),
});
