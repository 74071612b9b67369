import type { Cassandra } from '@medley/cassandra';
import { fixedMixes, type Mix, type MixRepository, mixKeptMs } from '../domain/mixes.ts';
import { atOnce } from './at-once.ts';
import { type MixRow, toMix, toMixRow } from './mix-row.ts';
import type { Now } from './user-data-clock.ts';

export function createCassandraMixes(cassandra: Cassandra, now: Now): MixRepository {
  return {
    async save(mixes) {
      const ofUsers = new Map<string, Mix[]>();
      for (const mix of mixes) ofUsers.set(mix.userId, [...(ofUsers.get(mix.userId) ?? []), mix]);
      // One after another for each: conditions within one partition would be in each other's way.
      await atOnce([...ofUsers.values()], async (ofUser) => {
        for (const mix of ofUser) await keep(mix);
      });
    },

    async findByIds(ids) {
      const found = await atOnce([...new Set(ids)], findById);
      return new Map(found.flat().map((mix) => [mix.id, mix]));
    },

    async findOfUser(userId, at) {
      const rows = await cassandra.select<MixRow>(
        `SELECT ${columns} FROM mixes WHERE user_id = ? AND fixed_until > ?`,
        [userId, at],
      );
      return fixedMixes(rows.map(toMix), at);
    },

    // Each has its time to live.
    prune: async () => 0,
  };

  async function keep(mix: Mix) {
    const ttlSeconds = Math.floor((mix.fixedUntil.getTime() + mixKeptMs - now().getTime()) / 1_000);
    if (ttlSeconds <= 0) return;
    const row = toMixRow(mix);
    // Its place first: a mix that the account sees can be asked for, whenever this process ends.
    await cassandra.write(
      'INSERT INTO mix_places (mix_id, user_id, fixed_until) VALUES (?, ?, ?) USING TTL ?',
      [row.mix_id, row.user_id, row.fixed_until, ttlSeconds],
    );
    await cassandra.writeIf(
      `INSERT INTO mixes (${columns}) VALUES (?, ?, ?, ?, ?, ?, ?) IF NOT EXISTS USING TTL ?`,
      [row.mix_id, row.user_id, row.kind, row.slot, row.made_at, row.fixed_until, row.body, ttlSeconds],
    );
  }

  async function findById(id: string): Promise<readonly Mix[]> {
    const [place] = await cassandra.select<Pick<MixRow, 'user_id' | 'fixed_until'>>(
      'SELECT user_id, fixed_until FROM mix_places WHERE mix_id = ?',
      [id],
    );
    if (!place) return [];
    const rows = await cassandra.select<MixRow>(
      `SELECT ${columns} FROM mixes WHERE user_id = ? AND fixed_until = ? AND mix_id = ?`,
      [place.user_id, place.fixed_until, id],
    );
    return rows.map(toMix);
  }
}

const columns = 'mix_id, user_id, kind, slot, made_at, fixed_until, body';
