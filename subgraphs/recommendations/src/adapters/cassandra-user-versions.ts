import type { Cassandra } from '@medley/cassandra';
import type { UserVersions, UserVersionsReader } from '../domain/user-versions.ts';
import { atOnce } from './at-once.ts';

export function createCassandraUserVersions(cassandra: Cassandra): UserVersionsReader {
  return {
    find: async (userIds, at) =>
      new Map(
        await atOnce([...new Set(userIds)], async (userId) => [userId, await findOf(userId, at)] as const),
      ),
  };

  async function findOf(userId: string, at: Date): Promise<UserVersions> {
    const [[profile], [library], mixes] = await Promise.all([
      cassandra.select<{ version: number }>('SELECT version FROM taste_profiles WHERE user_id = ?', [userId]),
      // Of entries the versions only rise, and none is ever deleted: so does their sum.
      cassandra.select<{ version: bigint }>(
        'SELECT sum(cast(version AS bigint)) AS version FROM library_entries WHERE user_id = ?',
        [userId],
      ),
      cassandra.select<{ made_at: Date }>('SELECT made_at FROM mixes WHERE user_id = ? AND fixed_until > ?', [
        userId,
        at,
      ]),
    ]);
    return {
      profile: profile?.version ?? 0,
      library: Number(library?.version ?? 0),
      mixes: Math.max(0, ...mixes.map(({ made_at }) => made_at.getTime())),
    };
  }
}
