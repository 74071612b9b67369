import type { Cassandra } from '@medley/cassandra';
import type { TasteProfile, TasteProfiles } from '../domain/taste-profile.ts';
import { atOnce } from './at-once.ts';
import { readKeptProfile } from './read-kept-profile.ts';
import { encodeTasteProfile } from './taste-profile-json.ts';

/** The only user data that is written on a condition: of two that raise the same version exactly one is kept, and the other knows. */
export function createCassandraTasteProfiles(cassandra: Cassandra): TasteProfiles {
  return {
    async find(userIds) {
      const found = await atOnce([...new Set(userIds)], async (userId) => {
        const [row] = await cassandra.select<{ profile: string }>(
          'SELECT profile FROM taste_profiles WHERE user_id = ?',
          [userId],
        );
        return row ? [readKeptProfile(userId, row.profile)] : [];
      });
      return new Map(found.flat().map((profile) => [profile.userId, profile]));
    },

    async save(profiles) {
      const isKept = await atOnce(profiles, keep);
      return profiles.filter((_, index) => !isKept[index]).map(({ userId }) => userId);
    },
  };

  async function keep(profile: TasteProfile): Promise<boolean> {
    const { userId, version } = profile;
    const text = encodeTasteProfile(profile);
    const insert = async () =>
      !(await cassandra.writeIf(
        'INSERT INTO taste_profiles (user_id, version, profile) VALUES (?, ?, ?) IF NOT EXISTS',
        [userId, version, text],
      ));
    if (version === 1) return insert();
    for (;;) {
      const known = await cassandra.writeIf<{ version?: number }>(
        'UPDATE taste_profiles SET version = ?, profile = ? WHERE user_id = ? IF version < ?',
        [version, text, userId, version],
      );
      if (!known) return true;
      if (known.version !== undefined) return false;
      // There is none yet: perhaps a backup was restored. Somebody else may find that out at the same time.
      if (await insert()) return true;
    }
  }
}
