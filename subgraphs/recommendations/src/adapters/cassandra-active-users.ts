import type { Cassandra } from '@medley/cassandra';
import { type HistoryPlay, type PlayHistory, requireKnownActivity } from '../domain/play-history.ts';
import { atOnce } from './at-once.ts';
import type { Now } from './user-data-clock.ts';

const weekMs = 7 * 86_400_000;
/** The first two digits of an id. */
const shards = 256;
/** How many shards are asked at a time at most. */
const widest = 32;

/** Who played something, by week. */
export function createCassandraActiveUsers(cassandra: Cassandra, now: Now) {
  return {
    async note(plays: readonly HistoryPlay[]): Promise<void> {
      const newest = new Map<string, HistoryPlay>();
      for (const play of plays) {
        const key = `${play.userId} ${weekOf(play.playedAt)}`;
        const known = newest.get(key);
        if (!known || known.playedAt < play.playedAt) newest.set(key, play);
      }
      await cassandra.writeAll(
        [...newest.values()].map(({ userId, playedAt }) => ({
          // Of several the one with the last play holds, in whatever order they come.
          cql: 'INSERT INTO active_users (week, shard, user_id, played_at) VALUES (?, ?, ?, ?) USING TIMESTAMP ?',
          parameters: [
            weekOf(playedAt),
            shardOf(userId),
            userId,
            playedAt,
            BigInt(playedAt.getTime()) * 1_000n,
          ],
        })),
      );
    },

    async list({ since, after, limit }: Parameters<PlayHistory['activeUsers']>[0]) {
      requireKnownActivity(since, now());
      const found: string[] = [];
      let shard = after === null ? 0 : shardOf(after);
      // Wider and wider: where there are few accounts most shards are empty.
      for (let width = 1; shard < shards && found.length < limit; width = Math.min(widest, 2 * width)) {
        const asked = partitions(shard, Math.min(shards, shard + width), since);
        const users = await atOnce(asked, (partition) =>
          findUsers(partition, after ?? '', since, limit - found.length),
        );
        found.push(...new Set(users.flat().sort()));
        shard += width;
      }
      return found.slice(0, limit);
    },
  };

  async function findUsers({ week, shard }: Partition, after: string, since: Date, limit: number) {
    const rows = await cassandra.select<{ user_id: string }>(
      // Filtering is within one partition.
      `SELECT user_id FROM active_users WHERE week = ? AND shard = ? AND user_id > ? AND played_at >= ?
      LIMIT ? ALLOW FILTERING`,
      [week, shard, after, since, limit],
    );
    return rows.map((row) => row.user_id);
  }

  function partitions(fromShard: number, toShard: number, since: Date): readonly Partition[] {
    const asked: Partition[] = [];
    // Clocks of clients are ahead at times.
    const lastWeek = weekOf(now()) + 1;
    for (let shard = fromShard; shard < toShard; shard++)
      for (let week = weekOf(since); week <= lastWeek; week++) asked.push({ week, shard });
    return asked;
  }
}

interface Partition {
  readonly week: number;
  readonly shard: number;
}

/** Since 1970-01-01, which was a Thursday. */
const weekOf = (time: Date) => Math.floor(time.getTime() / weekMs);
const shardOf = (userId: string) => Number.parseInt(userId.slice(0, 2), 16);
