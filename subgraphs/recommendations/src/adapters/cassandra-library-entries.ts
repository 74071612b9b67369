import type { Cassandra, Statement } from '@medley/cassandra';
import { type LibraryEntries, type LibraryEntry, mostEntries } from '../domain/taste-profile.ts';
import { atOnce } from './at-once.ts';
import { byPartition } from './by-partition.ts';

export const createCassandraLibraryEntries = (cassandra: Cassandra): LibraryEntries => ({
  async record(entries) {
    await atOnce(
      byPartition(entries, ({ userId }) => userId),
      (some) => cassandra.writeTogether(some.map(rowOf)),
    );
  },

  async find(userId) {
    const rows = await cassandra.select<LibraryRow>(
      'SELECT item_id, version, in_library, at FROM library_entries WHERE user_id = ?',
      [userId],
    );
    return rows
      .filter((row) => row.in_library)
      .sort((one, other) => other.at.getTime() - one.at.getTime() || (one.item_id < other.item_id ? 1 : -1))
      .slice(0, mostEntries)
      .map(({ item_id: itemId, version, in_library: inLibrary, at }) => ({
        userId,
        itemId,
        version,
        inLibrary,
        at,
      }));
  },
});

const rowOf = ({ userId, itemId, version, inLibrary, at }: LibraryEntry): Statement => ({
  // The version in place of the time of writing: Cassandra itself keeps the highest one, in whatever order they come.
  cql: `INSERT INTO library_entries (user_id, item_id, version, in_library, at) VALUES (?, ?, ?, ?, ?)
    USING TIMESTAMP ?`,
  parameters: [userId, itemId, version, inLibrary, at, BigInt(version)],
});

interface LibraryRow {
  readonly item_id: string;
  readonly version: number;
  readonly in_library: boolean;
  readonly at: Date;
}
